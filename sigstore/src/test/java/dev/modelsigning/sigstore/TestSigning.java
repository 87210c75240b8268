package dev.modelsigning.sigstore;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.Envelope;
import dev.modelsigning.bundle.Payload;
import dev.modelsigning.bundle.TransparencyLogEntry;
import dev.modelsigning.bundle.VerificationMaterial;
import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.sigstore.internal.data.Sha256;
import dev.modelsigning.sigstore.internal.log.TestLog;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** A keyless signing with a {@link TestSigstore}, step by step, so that a test can deviate. */
public final class TestSigning {

  public static final Instant START = Instant.parse("2026-03-04T05:06:07Z");
  public static final Instant SOON = START.plusSeconds(5);

  final TestSigstore sigstore;
  final X509Certificate certificate;
  public final Envelope envelope;
  private final List<TransparencyLogEntry> entries = new ArrayList<>();
  private final List<Bytes> timestamps = new ArrayList<>();

  TestSigning(TestSigstore sigstore, X509Certificate certificate, Envelope envelope) {
    this.sigstore = sigstore;
    this.certificate = certificate;
    this.envelope = envelope;
  }

  /** A payload signed with a fresh key that was certified for Alice. */
  static TestSigning of(TestSigstore sigstore, String payload) {
    KeyPair keys = TestSigstore.ecKeys();
    return signed(sigstore, sigstore.certify(keys.getPublic(), START), keys, payload);
  }

  public static TestSigning signed(
      TestSigstore sigstore, X509Certificate certificate, KeyPair keys, String payload) {
    Bytes bytes = Bytes.of(payload.getBytes(StandardCharsets.UTF_8));
    byte[] signature =
        TestLog.sign("SHA256withECDSA", keys.getPrivate(), Payload.inToto(bytes).pae().toArray());
    return new TestSigning(
        sigstore, certificate, new Envelope(Payload.inToto(bytes), Bytes.of(signature)));
  }

  /** A bundle as signers with Rekor v1 make it. */
  static Bundle version1(TestSigstore sigstore, String payload) {
    return of(sigstore, payload).logDsse1(SOON).bundle();
  }

  /** A bundle as signers with Rekor v2 make it. */
  static Bundle version2(TestSigstore sigstore, String payload) {
    return of(sigstore, payload).logHashedRekord2().timestamp(SOON).bundle();
  }

  public TestSigning logDsse1(Instant time) {
    return entry(sigstore.log1.add("dsse", "0.0.1", dsse1Body(), time));
  }

  public TestSigning logDsse2() {
    return entry(sigstore.log2.add("dsse", "0.0.2", dsse2Body(), SOON));
  }

  public TestSigning logHashedRekord2() {
    return entry(sigstore.log2.add("hashedrekord", "0.0.2", hashedRekord2Body(), SOON));
  }

  public TestSigning logIntoto2(Instant time) {
    return entry(sigstore.log1.add("intoto", "0.0.2", intoto2Body(), time));
  }

  public TestSigning entry(String json) {
    entries.add(new TransparencyLogEntry(json));
    return this;
  }

  public TestSigning timestamp(Instant time) {
    timestamps.add(Bytes.of(sigstore.timestamp(envelope.signature().toArray(), time)));
    return this;
  }

  public Bundle bundle() {
    return new Bundle(
        Bundle.MEDIA_TYPE,
        new VerificationMaterial.X509Certificate(Bytes.of(der())),
        entries,
        timestamps,
        envelope);
  }

  public String dsse1Body() {
    return body(
        "dsse",
        "0.0.1",
        spec ->
            spec.object(
                    "envelopeHash",
                    hash -> hash.string("algorithm", "sha256").string("value", "00".repeat(32)))
                .object(
                    "payloadHash",
                    hash -> hash.string("algorithm", "sha256").string("value", payloadHex()))
                .array(
                    "signatures",
                    list ->
                        list.object(one ->
                            one.string("signature", signature())
                                .string(
                                    "verifier", TestSigstore.base64(TestSigstore.pem(der()))))));
  }

  private String dsse2Body() {
    return body(
        "dsse",
        "0.0.2",
        spec ->
            spec.object(
                "dsseV002",
                dsse ->
                    dsse.object("payloadHash", hash -> digest(hash, envelope.payload().content()))
                        .array("signatures", list -> list.object(this::writeSignature))));
  }

  public String hashedRekord2Body() {
    return body(
        "hashedrekord",
        "0.0.2",
        spec ->
            spec.object(
                "hashedRekordV002",
                rekord ->
                    rekord
                        .object("data", hash -> digest(hash, envelope.payload().pae()))
                        .object("signature", this::writeSignature)));
  }

  private String intoto2Body() {
    return body(
        "intoto",
        "0.0.2",
        spec ->
            spec.object(
                "content",
                content ->
                    content
                        .object(
                            "envelope",
                            logged ->
                                logged
                                    .string("payloadType", Payload.IN_TOTO)
                                    .array(
                                        "signatures",
                                        list ->
                                            list.object(one ->
                                                one.string(
                                                        "publicKey",
                                                        TestSigstore.base64(
                                                            TestSigstore.pem(der())))
                                                    .string(
                                                        "sig", TestSigstore.base64(signature())))))
                        .object(
                            "payloadHash",
                            hash ->
                                hash.string("algorithm", "sha256").string("value", payloadHex()))));
  }

  private static String body(String kind, String version, JsonWriter.Content spec) {
    return new String(
        JsonWriter.document(
            json -> json.string("apiVersion", version).string("kind", kind).object("spec", spec)),
        StandardCharsets.UTF_8);
  }

  private static void digest(JsonWriter hash, Bytes content) {
    hash.string("algorithm", "SHA2_256").string("digest", TestSigstore.base64(Sha256.of(content)));
  }

  private void writeSignature(JsonWriter json) {
    json.string("content", signature())
        .object(
            "verifier",
            verifier ->
                verifier
                    .string("keyDetails", "PKIX_ECDSA_P256_SHA_256")
                    .object(
                        "x509Certificate",
                        raw -> raw.string("rawBytes", TestSigstore.base64(der()))));
  }

  private String payloadHex() {
    return HexFormat.of().formatHex(Sha256.of(envelope.payload().content()));
  }

  private String signature() {
    return TestSigstore.base64(envelope.signature().toArray());
  }

  public byte[] der() {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
  }
}
