"""Signs and verifies with ML-DSA by the cryptography library, which the client itself cannot.

Usage: mldsa.py keys DIR
       mldsa.py sign PRIVATE_KEY BUNDLE NEW_BUNDLE PUBLIC_KEY_FINGERPRINT
       mldsa.py verify PUBLIC_KEY BUNDLE

'keys' writes ML-DSA-44.pem and .pub and so on. 'sign' signs the payload of a bundle anew. 'verify'
verifies the signature of a bundle over its payload; the exit status is 1 if it is not valid.
"""

import base64
import json
import pathlib
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import mldsa

KEYS = {
    "ML-DSA-44": mldsa.MLDSA44PrivateKey,
    "ML-DSA-65": mldsa.MLDSA65PrivateKey,
    "ML-DSA-87": mldsa.MLDSA87PrivateKey,
}


def pae(envelope):
    kind = envelope["payloadType"].encode()
    body = base64.b64decode(envelope["payload"])
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(body), body)


def keys(directory):
    for name, kind in KEYS.items():
        key = kind.generate()
        (pathlib.Path(directory) / f"{name}.pem").write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        (pathlib.Path(directory) / f"{name}.pub").write_bytes(
            key.public_key().public_bytes(
                serialization.Encoding.PEM,
                serialization.PublicFormat.SubjectPublicKeyInfo,
            )
        )


def sign(private_key, bundle_file, new_file, fingerprint):
    key = serialization.load_pem_private_key(
        pathlib.Path(private_key).read_bytes(), None
    )
    bundle = json.loads(pathlib.Path(bundle_file).read_text())
    envelope = bundle["dsseEnvelope"]
    envelope["signatures"] = [
        {"sig": base64.b64encode(key.sign(pae(envelope))).decode()}
    ]
    bundle["verificationMaterial"]["publicKey"] = {"hint": fingerprint}
    pathlib.Path(new_file).write_text(json.dumps(bundle))


def verify(public_key, bundle_file):
    key = serialization.load_pem_public_key(pathlib.Path(public_key).read_bytes())
    envelope = json.loads(pathlib.Path(bundle_file).read_text())["dsseEnvelope"]
    signature = base64.b64decode(envelope["signatures"][0]["sig"])
    try:
        key.verify(signature, pae(envelope))
    except InvalidSignature:
        sys.exit("the signature is not valid")


if __name__ == "__main__":
    {"keys": keys, "sign": sign, "verify": verify}[sys.argv[1]](*sys.argv[2:])
