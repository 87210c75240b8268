"""Items on very small models, where the time is that of the start."""

import json
from typing import List

from datasets import Given
from item import Contender, Item
from measurement import Command
from signatures import verify
from tools import LAUNCHER, ROOT
from work import OURS, Work, nothing_stated, stated_digest

VECTORS = ROOT / "vectors"

# Who signed the published model that verify-tiny-sigstore verifies.
IDENTITY = "stefanb@us.ibm.com"
PROVIDER = "https://sigstore.verify.ibm.com/oauth2"


def items(work: Work) -> List[Item]:
    tiny = work.sets["tiny"]
    found = [
        # First, since it finds soonest what does not work.
        verify(work, "verify-tiny", tiny, {"Python": 0.28}),
        _certificate(work, "verify-tiny-certificate", tiny, {"Python": 0.55}),
    ]
    if work.tools.published:
        found.append(_sigstore(work, "verify-tiny-sigstore", {"Python": 0.75}))
    return found


def _spelt(peer, option):
    # The options of Python are the older ones, which all its versions know.
    return f"--{option.replace('-', '_') if peer == 'Python' else option}"


def _certificate(work, name, model, at_most) -> Item:
    """Certificates whose keys everybody has, as they are for tests only."""
    signature = work.signature(model, "certificate")
    files, keys = VECTORS / "certificate/files", VECTORS / "keys-for-tests-only"
    sign = Command(
        (
            *(str(LAUNCHER), "sign", "certificate", str(model.directory)),
            *("--signature", str(signature), "--private-key", str(keys / "signer.pem")),
            *("--signing-certificate", str(files / "signer.pem")),
            *("--certificate-chain", str(files / "issuing.pem")),
        ),
        f"model-signing sign certificate {model.name}",
    )
    given = (str(model.directory), "--signature", str(signature))
    root = str(files / "root.pem")
    contenders = [
        Contender(
            OURS,
            Command(
                (
                    *(str(LAUNCHER), "verify", "certificate", *given, "--certificate-chain", root),
                    *("--certificate-identity", "CN=Signer", "--jobs", str(work.threads)),
                ),
                f"model-signing verify certificate {model.name} --jobs {work.threads}",
            ),
            model,
            stated_digest,
        )
    ]
    for peer, program in work.peers:
        argv = (program, "verify", "certificate", *given, _spelt(peer, "certificate-chain"), root)
        command = Command(argv, f"{peer} verify certificate {model.name}")
        contenders.append(Contender(peer, command, model, nothing_stated))
    return Item(
        *(name, f"verify certificate, sha256, {model.title}", "sha256", contenders, at_most),
        before=[Contender("sign", sign, model, stated_digest)],
    )


def _sigstore(work, name, at_most) -> Item:
    """A published model, signed by the public instance; all read its trusted root from a file."""
    published = work.tools.published
    directory = published / "historical/v1.0.0-sigstore"
    model = Given("published", directory / "model")
    # The Python client takes the trusted root only together with services.
    trust = work.scratch / "trust.json"
    instance = published / "sigstore/public-good"
    trust.write_text(
        json.dumps(
            {
                "mediaType": "application/vnd.dev.sigstore.clienttrustconfig.v0.1+json",
                "trustedRoot": json.loads((instance / "trusted_root.json").read_text()),
                "signingConfig": json.loads((instance / "signing_config.v0.2.json").read_text()),
            }
        )
    )
    given = (str(model.directory), "--signature", str(directory / "bundle.sig"))
    given += ("--identity", IDENTITY)
    contenders = [
        Contender(
            OURS,
            Command(
                (
                    *(str(LAUNCHER), "verify", "sigstore", *given, "--identity-provider", PROVIDER),
                    *("--trusted-root", str(trust), "--jobs", str(work.threads)),
                ),
                f"model-signing verify sigstore {model.name} --jobs {work.threads}",
            ),
            model,
            stated_digest,
        )
    ]
    for peer, program in work.peers:
        options = (_spelt(peer, "identity-provider"), PROVIDER)
        options += (_spelt(peer, "trust-config"), str(trust))
        command = Command(
            (program, "verify", "sigstore", *given, *options), f"{peer} verify sigstore {model.name}"
        )
        contenders.append(Contender(peer, command, model, nothing_stated))
    title = f"verify sigstore, sha256, {model.title}"
    return Item(name, title, "sha256", contenders, at_most)
