"""The object store in a bucket that speaks S3's protocol."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from service.newsroom.store.files import BLOCK, Entry, FilesError, Label

# A job is tried again by the jobs table: nobody waits long for a bucket that hangs.
CONNECT_S, SILENT_S = 5, 10
MOST_TRIES = 3
# Whether it answers is asked again in a moment.
PING_S = 2
# Kept open: a lane's step asks for eight files at once (audio.clips), and one that finds none opens
# another, with all that TLS takes.
MOST_CONNECTIONS = 40


class Bucket:
    """Files in an S3-compatible bucket: `s3://bucket/prefix?endpoint=https://…`; needs the `bucket`
    extra.
    """

    def __init__(
        self, bucket: str, prefix: str, endpoint: str | None, key_id: str, secret: str
    ) -> None:
        self._bucket = bucket
        self._prefix = prefix.strip("/") + "/" if prefix.strip("/") else ""
        self._open = partial(_client, endpoint, key_id, secret)
        self._s3 = self._open(MOST_TRIES, CONNECT_S, SILENT_S)

    def put(self, key: str, data: bytes, *, durable: bool = True) -> None:
        """See Files; a bucket is always durable."""
        with _bucket_trouble(key):
            self._s3.put_object(Bucket=self._bucket, Key=self._prefix + key, Body=data)

    def put_file(self, key: str, path: Path) -> None:
        """See Files."""
        with _bucket_trouble(key), path.open("rb") as body:
            self._s3.put_object(Bucket=self._bucket, Key=self._prefix + key, Body=body)

    def copy(self, key: str, to: str, label: Label) -> None:
        """See Files."""
        with _bucket_trouble(key):
            self._s3.copy_object(
                Bucket=self._bucket,
                Key=self._prefix + to,
                CopySource={"Bucket": self._bucket, "Key": self._prefix + key},
                MetadataDirective="REPLACE",
                ContentType=label.mime,
                ContentDisposition=label.disposition,
                CacheControl=label.cached,
            )

    def get(self, key: str) -> bytes | None:
        """See Files."""
        with _bucket_trouble(key):
            try:
                answer = self._s3.get_object(
                    Bucket=self._bucket, Key=self._prefix + key
                )
            except self._s3.exceptions.NoSuchKey:
                return None
            data: bytes = answer["Body"].read()
            return data

    def stream(self, key: str, start: int, length: int) -> Iterator[bytes]:
        """See Files."""
        if length <= 0:
            return
        with _bucket_trouble(key):
            answer = self._s3.get_object(
                Bucket=self._bucket,
                Key=self._prefix + key,
                Range=f"bytes={start}-{start + length - 1}",
            )
            yield from answer["Body"].iter_chunks(BLOCK)

    def local(self, key: str) -> Path | None:
        """See Files."""
        return None

    def delete(self, key: str) -> None:
        """See Files."""
        with _bucket_trouble(key):
            self._s3.delete_object(Bucket=self._bucket, Key=self._prefix + key)

    def keys(self, prefix: str) -> Iterator[str]:
        """See Files."""
        for entry in self.entries(prefix):
            yield entry.key

    def entries(self, prefix: str) -> Iterator[Entry]:
        """See Files; a bucket keeps nothing of an interrupted `put`."""
        with _bucket_trouble(prefix):
            pages = self._s3.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=self._prefix + prefix
            )
            for page in pages:
                for entry in page.get("Contents", ()):
                    yield Entry(
                        entry["Key"].removeprefix(self._prefix),
                        entry["Size"],
                        entry["LastModified"],
                    )

    def ping(self) -> None:
        """See Files."""
        with _bucket_trouble(self._bucket):
            self._impatient.put_object(
                Bucket=self._bucket, Key=f"{self._prefix}ping", Body=b"ping"
            )

    @cached_property
    def _impatient(self) -> Any:
        return self._open(1, PING_S, PING_S)


def _client(
    endpoint: str | None,
    key_id: str,
    secret: str,
    tries: int,
    connect_s: float,
    silent_s: float,
) -> Any:
    """One that speaks to the bucket: it tries so often, and waits so long for each answer."""
    import boto3
    from botocore.config import Config

    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        aws_access_key_id=key_id or None,
        aws_secret_access_key=secret or None,
        region_name="us-east-1",
        config=Config(
            retries={"total_max_attempts": tries, "mode": "standard"},
            connect_timeout=connect_s,
            read_timeout=silent_s,
            max_pool_connections=MOST_CONNECTIONS,
            s3={"addressing_style": "path"},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )


@contextmanager
def _bucket_trouble(key: str) -> Iterator[None]:
    """Turns boto's errors into FilesError."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise FilesError(f"{key}: {error}") from error
