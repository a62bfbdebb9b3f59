"""Groups and zones: made, renamed, deleted; terceros put into them and taken out."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cartero.companies.roles import Role
from cartero.pages.access import role
from cartero.pages.http import CompanyRequest, done, page
from cartero.pages.parties.detail import may_prepare, party_of
from cartero.pages.parties.forms import GroupForm
from cartero.parties import editing, sizes
from cartero.parties.models import Group, GroupKind

MOST_COUNTED = 2_000  # terceros of a group that are counted; of more it is only said that they are more


@require_GET
@role(Role.READER)
def index(request: CompanyRequest) -> HttpResponse:
    """With `?editar=3` the name of that one is open to be changed."""
    asked = request.GET.get("editar", "")
    edited = Group.objects.of(request.company).filter(pk=int(asked) if asked.isdecimal() and len(asked) < 19 else 0)
    group = edited.first() if may_prepare(request) else None
    form = GroupForm(company=request.company, kind=group.kind, group=group, initial={"name": group}) if group else None
    return _show(request, form, edited=group)


@require_POST
@role(Role.PREPARER)
def create(request: CompanyRequest, kind: str) -> HttpResponse:
    form = GroupForm(request.POST, company=request.company, kind=kind)
    if not form.is_valid():
        return _show(request, form, kind=kind)
    group = editing.create_group(request.company, kind, form.cleaned_data["name"], request.user)
    return done(request, "groups", _("«%(name)s» creado.") % {"name": group.name})


@require_POST
@role(Role.PREPARER)
def rename(request: CompanyRequest, pk: int) -> HttpResponse:
    group = _group(request, pk)
    form = GroupForm(request.POST, company=request.company, kind=group.kind, group=group)
    if not form.is_valid():
        return _show(request, form, edited=group)
    editing.rename_group(group, form.cleaned_data["name"], request.user)
    return done(request, "groups", _("Nombre guardado."))


@require_http_methods(["GET", "POST"])
@role(Role.PREPARER)
def delete(request: CompanyRequest, pk: int) -> HttpResponse:
    """Asks first, with how many terceros are in it."""
    group = _group(request, pk)
    if request.method == "GET":
        context = {"group": group, "parties": group.party_groups.count()}
        return page(request, "parties/delete_group.html", context, "dialog")
    editing.delete_group(group, request.user)
    return done(request, "groups", _("«%(name)s» borrado.") % {"name": group.name})


@require_POST
@role(Role.PREPARER)
def join(request: CompanyRequest, pk: int) -> HttpResponse:
    """The group she chose in the page of the tercero; with none chosen, nothing."""
    asked = request.POST.get("group", "")
    return _move(request, pk, int(asked) if asked.isdecimal() and len(asked) < 19 else 0, joins=True)


@require_POST
@role(Role.PREPARER)
def rejoin(request: CompanyRequest, pk: int, group_pk: int) -> HttpResponse:
    """Takes a leaving back."""
    return _move(request, pk, group_pk, joins=True)


@require_POST
@role(Role.PREPARER)
def leave(request: CompanyRequest, pk: int, group_pk: int) -> HttpResponse:
    return _move(request, pk, group_pk, joins=False)


def _move(request: CompanyRequest, pk: int, group_pk: int, *, joins: bool) -> HttpResponse:
    party, group = party_of(request, pk), _group(request, group_pk)
    place = reverse("party", args=[pk])
    if joins:
        editing.join(party, group, request.user)
        return done(request, place, _("Está en «%(name)s».") % {"name": group.name})
    editing.leave(party, group, request.user)
    undo = reverse("rejoin_group", args=[pk, group_pk])
    return done(request, place, _("Ya no está en «%(name)s».") % {"name": group.name}, undo=undo)


def _show(
    request: CompanyRequest, form: GroupForm | None, *, edited: Group | None = None, kind: str = ""
) -> HttpResponse:
    """Both lists; `form` stands in the row of the `edited` one, or below the list of that `kind` to make one."""
    members = sizes.of_groups(request.company, MOST_COUNTED + 1)
    groups = list(Group.objects.of(request.company).order_by("name"))
    lists = [
        {
            "kind": each,
            "title": title,
            "groups": [(group, members.get(group.pk, 0)) for group in groups if group.kind == each],
            "form": form if kind == each else GroupForm(company=request.company, kind=each, auto_id=f"{each}-%s"),
        }
        for each, title in ((GroupKind.GROUP, _("Grupos")), (GroupKind.ZONE, _("Zonas")))
    ]
    context = {
        "lists": lists,
        "most": MOST_COUNTED,
        "edited": edited,
        "form": form,
        "may_prepare": may_prepare(request),
    }
    return page(request, "parties/groups.html", context)


def _group(request: CompanyRequest, pk: int) -> Group:
    """A group or zone of her company, or a 404."""
    return get_object_or_404(Group.objects.of(request.company), pk=pk)
