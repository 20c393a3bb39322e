"""fhir-kit-client, for node, which nobody here wrote: what it makes, finds, changes and deletes."""

import asyncio
import shutil
from pathlib import Path

import pytest

from tests.unit.test_fhir_clients import address

__all__ = ["address"]  # the fixture
HERE = Path(__file__).parent / "node_clients"
MISSING = "run tests/unit/node_clients/fetch.sh, which needs npm and a network"


@pytest.mark.skipif(
    not (shutil.which("node") and (HERE / "node_modules/fhir-kit-client").is_dir()),
    reason=MISSING,
)
async def test_fhir_kit_client_makes_finds_changes_and_deletes(address):
    process = await asyncio.create_subprocess_exec(
        "node", "kit.mjs", address, cwd=HERE, stdout=-1, stderr=-1
    )
    out, err = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0, err.decode()
    assert len(out.splitlines()) == 7, out.decode()
