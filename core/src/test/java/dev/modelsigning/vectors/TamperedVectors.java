package dev.modelsigning.vectors;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.Payload;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.testing.Forge;
import dev.modelsigning.testing.RepeatableSignatures;
import dev.modelsigning.testing.TestCertificate;
import dev.modelsigning.testing.TestKeys;
import dev.modelsigning.testing.TestTimestampAuthority;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERSequence;

/** Vectors of the method {@code key} whose payload or signature was changed. */
final class TamperedVectors {

  private final VectorFolder folder;
  private final Forge forge;
  private final String publicKey;
  private final KeysForTests keys;
  private final String statement = StatementVectors.good().toString();
  private final String good;

  TamperedVectors(VectorFolder folder, Forge forge, String publicKey, KeysForTests keys) {
    this.folder = folder;
    this.forge = forge;
    this.publicKey = publicKey;
    this.keys = keys;
    this.good = forge.bundleJson(statement);
  }

  private Vector vector(String name, String about, String section, String expected) {
    return Vector.of(name, about, section).option("public-key", publicKey).expected(expected);
  }

  private void refused(String name, String about, String section, String expected, String json) {
    folder.add(vector("tampered-" + name, about, section, expected), json);
  }

  void make() {
    tampered();
    signatures();
    timestamps();
  }

  private TestKeys other() {
    return keys.signer("p256-other", EcdsaScheme.P256);
  }

  private void tampered() {
    String payload = Forge.base64(statement);
    refused(
        "payload",
        "another payload",
        "8.2",
        "INVALID_SIGNATURE",
        good.replace(
            payload, Forge.base64(StatementVectors.good().subjectName("\"other\"").toString())));
    refused(
        "payload-white-space",
        "the same payload with a space behind it",
        "8.2",
        "INVALID_SIGNATURE",
        good.replace(payload, Forge.base64(statement + " ")));
    String[][] types = {
      {"charset", "application/vnd.in-toto+json; charset=utf-8"},
      {"json", "application/json"},
      {"upper-case", "application/vnd.In-Toto+json"},
      {"empty", ""}
    };
    for (String[] each : types) {
      refused(
          "payload-type-" + each[0],
          "another payload type, validly signed",
          "6.7",
          Vector.MALFORMED_BUNDLE,
          withSignature(
              good.replace(Payload.IN_TOTO, each[1]), forge.sign(Bytes.of(pae(each[1])))));
    }
    refused(
        "signed-without-encoding",
        "a signature over the bare payload",
        "6.7",
        "INVALID_SIGNATURE",
        withSignature(good, forge.sign(Bytes.of(Vector.bytes(statement)))));
    refused(
        "signed-by-another-key",
        "a signature by another key under the name of the right one",
        "8.2",
        "INVALID_SIGNATURE",
        withSignature(
            good,
            new Forge(other()).sign(Payload.inToto(Bytes.of(Vector.bytes(statement))).pae())));
    byte[] bySha512 =
        RepeatableSignatures.sign(
            "SHA512withECDSA",
            forge.keys().privateKey(),
            Payload.inToto(Bytes.of(Vector.bytes(statement))).pae().toArray());
    refused(
        "signed-by-another-hash",
        "a signature by the hash of another curve",
        "4.2",
        "INVALID_SIGNATURE",
        withSignature(good, Bytes.of(bySha512)));
  }

  private byte[] pae(String type) {
    byte[] payload = Vector.bytes(statement);
    String head = "DSSEv1 " + type.length() + " " + type + " " + payload.length + " ";
    return Vector.bytes(head + statement);
  }

  private static String withSignature(String json, Bytes signature) {
    String base64 = Base64.getEncoder().encodeToString(signature.toArray());
    return json.replaceFirst(
        "\"sig\":\"[^\"]*\"", Matcher.quoteReplacement("\"sig\":\"" + base64 + "\""));
  }

  private void signatures() {
    BigInteger order = forge.keys().algorithm().parameters().getOrder();
    BigInteger one = BigInteger.ONE;
    Object[][] numbers = {
      {"zero-zero", BigInteger.ZERO, BigInteger.ZERO},
      {"zero-one", BigInteger.ZERO, one},
      {"one-zero", one, BigInteger.ZERO},
      {"order-one", order, one},
      {"one-order", one, order},
      {"negative", one.negate(), one}
    };
    for (Object[] each : numbers) {
      Bytes der = der((BigInteger) each[1], (BigInteger) each[2]);
      refused(
          "signature-" + each[0],
          "a signature of numbers out of range",
          "8.2",
          "INVALID_SIGNATURE",
          withSignature(good, der));
    }
    refused(
        "signature-rubbish",
        "a signature that is none",
        "8.2",
        "INVALID_SIGNATURE",
        withSignature(good, Bytes.of(Vector.bytes("rubbish"))));
    byte[] longer =
        Arrays.copyOf(Base64.getDecoder().decode(BundleFormVectors.signatureOf(good)), 80);
    refused(
        "signature-bytes-behind",
        "a signature with bytes behind it",
        "8.2",
        "INVALID_SIGNATURE",
        withSignature(good, Bytes.of(longer)));
  }

  private static Bytes der(BigInteger r, BigInteger s) {
    try {
      return Bytes.of(
          new DERSequence(new ASN1Encodable[] {new ASN1Integer(r), new ASN1Integer(s)})
              .getEncoded());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void timestamps() {
    Instant from = Instant.parse("2020-01-01T00:00:00Z");
    Instant until = Instant.parse("2119-01-01T00:00:00Z");
    TestCertificate root =
        TestCertificate.named("CN=TSA Root")
            .keys(keys.ec("tsa-root"))
            .valid(from, until)
            .authority()
            .selfSigned();
    TestCertificate signer =
        TestCertificate.named("CN=Test TSA")
            .keys(keys.ec("tsa"))
            .valid(from, until)
            .timestamping()
            .issuedBy(root);
    String trusted = folder.certificates("tsa-root", root);
    Bundle stamped =
        new TestTimestampAuthority(signer, signer)
            .stamp(forge.bundle(statement), Instant.parse("2024-02-29T12:00:00Z"));
    folder.add(
        vector("time-stamp", "a time stamp over the signature", "4.3", Vector.VERIFIED)
            .option("tsa-certificate-chain", trusted),
        stamped);
    folder.add(
        vector(
            "time-stamp-nobody-trusted",
            "a time stamp where nobody asks for it",
            "4.3",
            Vector.VERIFIED),
        stamped);
  }
}
