"""Writes key pairs with the cryptography library, in every form it writes EC keys in.

Usage: keys.py DIR

For each curve DIR gets CURVE-sec1.pem, CURVE-sec1-encrypted.pem, CURVE-pkcs8.pem,
CURVE-pkcs8-encrypted.pem, all the same key, and CURVE.pub. The password is "correct horse".
"""

import pathlib
import sys

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

PASSWORD = b"correct horse"
CURVES = {"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1(), "P-521": ec.SECP521R1()}
FORMATS = {
    "sec1": serialization.PrivateFormat.TraditionalOpenSSL,
    "pkcs8": serialization.PrivateFormat.PKCS8,
}
ENCRYPTIONS = {
    "": serialization.NoEncryption(),
    "-encrypted": serialization.BestAvailableEncryption(PASSWORD),
}


def main():
    directory = pathlib.Path(sys.argv[1])
    for curve_name, curve in CURVES.items():
        key = ec.generate_private_key(curve)
        for format_name, private_format in FORMATS.items():
            for suffix, encryption in ENCRYPTIONS.items():
                pem = key.private_bytes(
                    serialization.Encoding.PEM, private_format, encryption
                )
                name = f"{curve_name}-{format_name}{suffix}.pem"
                (directory / name).write_bytes(pem)
        public_pem = key.public_key().public_bytes(
            serialization.Encoding.PEM,
            serialization.PublicFormat.SubjectPublicKeyInfo,
        )
        (directory / f"{curve_name}.pub").write_bytes(public_pem)


if __name__ == "__main__":
    main()
