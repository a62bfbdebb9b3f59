"""Files in a bucket of Amazon S3, or of whatever else speaks its language: MinIO, Ceph, Garage, R2…

`s3://bucket/prefix?endpoint=https://…&region=…`; who we are is found as boto3 finds it: AWS_ACCESS_KEY_ID and
AWS_SECRET_ACCESS_KEY, a profile, the role of the machine.
"""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import boto3
from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError
from botocore.response import StreamingBody

from cartero.platform.storage import StorageAway, StorageFull, StorageGone, StorageRefuses, StorageSilent

AT_ONCE = 16  # files that are put together: each is a round trip
CHUNK = 1024 * 1024  # bytes of a large file on its way to the disk
CONFIG = {
    "connect_timeout": 5,
    "read_timeout": 20,
    "retries": {"mode": "standard", "total_max_attempts": 3},
    "max_pool_connections": 2 * AT_ONCE,
    # Servers check SHA-256, which is part of the signature; the newer checksums are not understood by all.
    "request_checksum_calculation": "when_required",
    "response_checksum_validation": "when_required",
}
NOT_FOUND, REFUSALS = 404, frozenset({400, 401, 403})  # 400: a key that is none
_KINDS: dict[str, type[StorageAway]] = {
    "NoSuchBucket": StorageGone,
    **dict.fromkeys(("QuotaExceeded", "XMinioStorageFull", "InsufficientCapacity"), StorageFull),
}


class Bucket:
    def __init__(self, where: str) -> None:
        address = urlsplit(where)
        told = dict(parse_qsl(address.query))
        self.bucket = address.netloc
        self.prefix = f"{address.path.strip('/')}/".lstrip("/")
        style = "path" if "endpoint" in told else "auto"  # few servers but Amazon's have a name for each bucket
        self.client = boto3.session.Session().client(  # of its own: boto3's usual one is not for threads
            "s3",
            endpoint_url=told.get("endpoint"),
            region_name=told.get("region") or ("us-east-1" if "endpoint" in told else None),
            config=Config(**CONFIG, s3={"addressing_style": style, "payload_signing_enabled": True}),
        )

    def put(self, name: str, content: bytes) -> None:
        with _telling(name):
            if self._size(name) != len(content):
                self.client.put_object(Bucket=self.bucket, Key=self.prefix + name, Body=content)

    def put_all(self, files: Iterable[tuple[str, bytes]]) -> None:
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="put") as threads:
            for _done in threads.map(lambda file: self.put(*file), files):
                pass

    def take_in(self, name: str, path: Path) -> None:
        with _telling(name):
            self.client.upload_file(str(path), self.bucket, self.prefix + name)

    def get(self, name: str) -> bytes:
        with _telling(name):
            content: bytes = self._body(name).read()
            return content

    @contextmanager
    def lent(self, names: Sequence[str]) -> Iterator[list[Path]]:
        with tempfile.TemporaryDirectory(prefix="cartero-") as folder:
            paths = [Path(folder, str(position)) for position in range(len(names))]
            for name, path in zip(names, paths, strict=True):
                with _telling(name), path.open("xb") as file:
                    for chunk in self._body(name).iter_chunks(CHUNK):
                        file.write(chunk)
            yield paths

    def drop(self, name: str) -> None:
        with _telling(name):
            self.client.delete_object(Bucket=self.bucket, Key=self.prefix + name)

    def drop_folder(self, name: str) -> None:
        with _telling(name):
            found = self.client.list_objects_v2(Bucket=self.bucket, Prefix=f"{self.prefix}{name}/")
            for each in found.get("Contents", ()):
                self.client.delete_object(Bucket=self.bucket, Key=each["Key"])

    def _body(self, name: str) -> StreamingBody:
        body: StreamingBody = self.client.get_object(Bucket=self.bucket, Key=self.prefix + name)["Body"]
        return body

    def _size(self, name: str) -> int:
        """-1 where there is none."""
        try:
            size: int = self.client.head_object(Bucket=self.bucket, Key=self.prefix + name)["ContentLength"]
        except ClientError as error:
            if _status(error) != NOT_FOUND:
                raise
            return -1
        return size


@contextmanager
def _telling(name: str) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        if code == "NoSuchKey":
            raise FileNotFoundError(name) from error
        raise _kind(error, code)(name=name, reason=str(error)) from error
    except NoCredentialsError as error:
        raise StorageRefuses(name=name, reason=str(error)) from error
    except (BotoCoreError, Boto3Error) as error:
        raise StorageSilent(name=name, reason=str(error)) from error


def _kind(error: ClientError, code: str) -> type[StorageAway]:
    if code in _KINDS:
        return _KINDS[code]
    return StorageRefuses if _status(error) in REFUSALS else StorageSilent


def _status(error: ClientError) -> int:
    status: int = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return status
