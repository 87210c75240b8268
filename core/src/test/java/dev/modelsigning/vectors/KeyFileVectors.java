package dev.modelsigning.vectors;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.testing.Forge;
import dev.modelsigning.testing.TestCertificate;
import dev.modelsigning.testing.TestKeys;

/** Vectors about the file with the public key: in other formats, and with other content. */
final class KeyFileVectors {

  private final VectorFolder folder;
  private final KeysForTests keys;
  private final TestKeys signer;
  private final Bundle bundle;

  KeyFileVectors(VectorFolder folder, KeysForTests keys) {
    this.folder = folder;
    this.keys = keys;
    this.signer = KeyVectors.keys(keys);
    this.bundle = new Forge(signer).bundle(StatementVectors.good().toString());
  }

  private void add(String name, String about, String expected, String content) {
    String file = folder.file("public-key-" + name + ".pem", content);
    folder.add(
        Vector.of("public-key-" + name, about, "4.2").option("public-key", file).expected(expected),
        bundle);
  }

  void make() {
    String pem = TestKeys.pem(signer.publicKey());
    TestKeys other = keys.signer("p256-other", EcdsaScheme.P256);
    String otherPem = TestKeys.pem(other.publicKey());
    add(
        "with-text-before",
        "text before the key",
        Vector.VERIFIED,
        "Public-Key: (256 bit)\n" + pem);
    add(
        "with-carriage-returns",
        "line ends of Windows",
        Vector.VERIFIED,
        pem.replace("\n", "\r\n"));
    add("behind-a-byte-order-mark", "a byte order mark", Vector.VERIFIED, "\uFEFF" + pem);
    add("indented", "an indented key", Vector.VERIFIED, pem.replaceAll("(?m)^", "    "));
    add("of-another", "the key of another signer", "WRONG_KEY", otherPem);
    add("two", "two keys, one of which signed", Vector.VERIFIED, pem + otherPem);
    add("two-glued", "two keys without a line feed", Vector.VERIFIED, pem.strip() + otherPem);
    add("cut-off", "a key without its end", Vector.UNUSABLE_TRUST, pem.substring(0, 100));
    add("empty", "an empty file", Vector.UNUSABLE_TRUST, "");
    add("rubbish", "no key", Vector.UNUSABLE_TRUST, "rubbish\n");
    TestCertificate certificate =
        CertificateVectors.plan(keys, "CN=Signer", "p256").signer().selfSigned();
    add(
        "is-a-certificate",
        "a certificate with the right key",
        Vector.UNUSABLE_TRUST,
        KeysForTests.pem("CERTIFICATE", certificate.der().toArray()));
    add("is-private", "the private key", Vector.UNUSABLE_TRUST, keys.privateKeyPem("p256"));
    add(
        "rsa",
        "a key for RSA",
        Vector.UNUSABLE_TRUST,
        KeysForTests.pem("PUBLIC KEY", keys.rsa("rsa-2048", 2048).getPublic().getEncoded()));
    add(
        "secp256k1",
        "a key on another curve",
        Vector.UNUSABLE_TRUST,
        KeysForTests.pem("PUBLIC KEY", keys.ec("secp256k1", "secp256k1").getPublic().getEncoded()));
  }
}
