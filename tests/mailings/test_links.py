from cartero.mailings import links

KEY, OTHER = b"key of a company", b"key of another"


def test_a_link_is_of_its_mail_and_no_other():
    made = links.token(KEY, 4711)
    assert links.delivery_of(made) == 4711
    assert links.is_of(made, KEY, 4711)
    assert not links.is_of(made, KEY, 4712)
    assert not links.is_of(made, OTHER, 4711)
    assert not links.is_of(made[:-1] + ("A" if made[-1] != "A" else "B"), KEY, 4711)


def test_the_same_mail_has_the_same_link():
    """What was sent can be made again."""
    assert links.token(KEY, 7) == links.token(KEY, 7)


def test_a_test_mail_has_another():
    made = links.token(KEY, 7, links.Purpose.TEST)
    assert links.is_of(made, KEY, 7, links.Purpose.TEST)
    assert not links.is_of(made, KEY, 7)


def test_without_a_key_none_is_right():
    assert not links.is_of(links.token(b"of no company", 7), b"", 7)


def test_what_is_no_token_is_of_nothing():
    for text in ("", "7", "7-", "-AAAA", "7-áaaaaaaaaaaaaaaaaaaaaa", "g-" + "A" * 22, "f" * 16 + "-" + "A" * 22):
        assert links.delivery_of(text) is None
