"""Signs and verifies with the Python library, for what its command line has no options for.

Usage:
  library.py sign MODEL SIGNATURE PRIVATE_KEY [--password TEXT] [HASHING]
  library.py verify MODEL SIGNATURE PUBLIC_KEY [HASHING]

HASHING is --hash NAME and --shard-size BYTES; --shard-size 0 is the library's own default size.
Without any, verification leaves it to the library to find them in the signature.
"""

import argparse
import pathlib

import model_signing


def hashing(arguments):
    config = model_signing.hashing.Config()
    if arguments.shard_size is None:
        config.use_file_serialization(hashing_algorithm=arguments.hash)
    elif arguments.shard_size == 0:
        config.use_shard_serialization(hashing_algorithm=arguments.hash)
    else:
        config.use_shard_serialization(
            hashing_algorithm=arguments.hash, shard_size=arguments.shard_size
        )
    # As the command line does, and as the guess from a signature comes to.
    return config.set_ignored_paths(paths=[], ignore_git_paths=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("command", choices=["sign", "verify"])
    parser.add_argument("model", type=pathlib.Path)
    parser.add_argument("signature", type=pathlib.Path)
    parser.add_argument("key", type=pathlib.Path)
    parser.add_argument("--password", type=str.encode)
    parser.add_argument("--hash", choices=["sha256", "blake2", "blake3"])
    parser.add_argument("--shard-size", type=int)
    arguments = parser.parse_args()

    if arguments.command == "sign":
        config = model_signing.signing.Config().use_elliptic_key_signer(
            private_key=arguments.key, password=arguments.password
        )
        config.set_hashing_config(hashing(arguments))
        config.sign(arguments.model, arguments.signature)
    else:
        config = model_signing.verifying.Config().use_elliptic_key_verifier(
            public_key=arguments.key
        )
        if arguments.hash:
            config.set_hashing_config(hashing(arguments))
        config.verify(arguments.model, arguments.signature)


if __name__ == "__main__":
    main()
