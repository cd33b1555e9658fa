"""CRM-40: the store may be an S3-compatible bucket; what lies there is encrypted all the same.

The server is moto's, which speaks the protocol over a socket of this machine.
"""

import datetime as dt
import io

import boto3
import pytest
from django.core.files.storage import storages
from moto.server import ThreadedMotoServer

from core import clock, files, storage
from core.errors import Missing
from core.models import RegulatoryParameter, StoredFile
from core.services.files import sweep_files

pytestmark = pytest.mark.django_db
ACCESS = {"region_name": "us-east-1", "aws_access_key_id": "k", "aws_secret_access_key": "s"}
CONTENT = "110101199003074258 王小明\n".encode() * 1000


@pytest.fixture(scope="module")
def server():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(settings, server):
    """An empty bucket that the store keeps its files in."""
    bucket = boto3.resource("s3", endpoint_url=server, **ACCESS).create_bucket(Bucket="vault")
    settings.STORAGES = settings.STORAGES | {
        "files": {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {
                "bucket_name": "vault",
                "endpoint_url": server,
                "access_key": "key",
                "secret_key": "secret",
                "region_name": "us-east-1",
                "addressing_style": "path",
                "file_overwrite": False,
                "default_acl": None,
            },
        }
    }
    yield bucket
    storages["files"].connection.meta.client.close()
    if bucket.creation_date is not None:
        bucket.objects.delete()
        bucket.delete()
    bucket.meta.client.close()


def kept(at):
    return files.store(stream=io.BytesIO(CONTENT), name="a.csv", by=None, at=at)


def names(bucket):
    return [each.key for each in bucket.objects.all()]


def test_CRM_40_a_file_lies_encrypted_in_the_bucket_and_comes_back(bucket, at):
    stored = kept(at)
    assert b"".join(files.pieces(stored)) == CONTENT
    (lying,) = bucket.objects.all()
    raw = lying.get()["Body"].read()
    assert "王小明".encode() not in raw
    assert b"110101199003074258" not in raw
    assert storage.exists(stored.path)


def test_R6_a_bucket_that_refuses_leaves_no_row(bucket, at):
    bucket.delete()
    with pytest.raises(files.StoreUnavailable):
        kept(at)
    assert not StoredFile.objects.exists()


def test_R6_the_sweep_works_over_a_bucket(bucket, at):
    RegulatoryParameter.objects.filter(name="files.orphan_hours").update(value=0)
    stored, lost = kept(at), kept(at)
    storage.remove(lost.path)
    bucket.put_object(Key="2026/03/stray", Body=b"x")
    assert sweep_files(at=clock.now() + dt.timedelta(days=3650)) == (1, [lost.pk])
    assert names(bucket) == [stored.path]
    with pytest.raises(Missing):
        b"".join(files.pieces(lost))
