package dev.modelsigning.sigstore.internal.log;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.Envelope;
import dev.modelsigning.internal.json.MalformedJsonException;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.internal.keyfile.PemException;
import dev.modelsigning.internal.keyfile.PemText;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.sigstore.internal.data.JsonFields;
import dev.modelsigning.sigstore.internal.data.Sha256;
import dev.modelsigning.sigstore.internal.log.LogEntry.Kind;
import dev.modelsigning.sigstore.internal.trust.SigningCertificate;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;

/**
 * Verifies the content of a log entry: it must refer to this signature, this certificate and this
 * payload; otherwise it proves nothing about the bundle.
 */
public final class LogEntryBody {

  private static final long MAX_TOKENS = 1_000;

  private final Envelope envelope;
  private final SigningCertificate certificate;
  private final EcdsaScheme scheme;

  private LogEntryBody(Envelope envelope, SigningCertificate certificate) {
    this.envelope = envelope;
    this.certificate = certificate;
    this.scheme = certificate.scheme();
  }

  /**
   * Requires that an entry refers to an envelope and a certificate.
   *
   * @param entry an entry included in a trusted log
   * @param envelope the envelope to which it must refer
   * @param certificate the certificate to which it must refer
   */
  public static void require(LogEntry entry, Envelope envelope, SigningCertificate certificate)
      throws VerificationException {
    try {
      JsonFields body = JsonFields.read("canonicalizedBody", entry.body().toArray(), MAX_TOKENS);
      body.requireText("kind", entry.kind().name());
      body.requireText("apiVersion", entry.kind().version());
      new LogEntryBody(envelope, certificate).require(entry.kind(), body.object("spec"));
    } catch (MalformedJsonException | GeneralSecurityException e) {
      throw new VerificationException(
          Reason.UNTRUSTED_LOG_ENTRY,
          "log entry " + entry.logIndex() + ": " + e.getMessage() + " (OMS 8.2)",
          e);
    }
  }

  private void require(Kind kind, JsonFields spec)
      throws MalformedJsonException, GeneralSecurityException {
    if (kind.equals(Kind.DSSE_V1)) {
      requireHexDigest(spec.object("payloadHash"));
      JsonFields signature = spec.only("signatures");
      signature.requireBytes("signature", envelope.signature(), "the signature");
      requirePem(signature, "verifier");
    } else if (kind.equals(Kind.DSSE_V2)) {
      JsonFields dsse = spec.object("dsseV002");
      JsonFields hash = dsse.object("payloadHash");
      hash.requireText("algorithm", "SHA2_256");
      hash.requireBytes("digest", Bytes.of(Sha256.of(envelope.payload().content())), "the payload");
      requireSignature(dsse.only("signatures"));
    } else if (kind.equals(Kind.HASHED_REKORD_V2)) {
      JsonFields rekord = spec.object("hashedRekordV002");
      requireEncodingDigest(rekord.object("data"));
      requireSignature(rekord.object("signature"));
    } else if (kind.equals(Kind.INTOTO_V2)) {
      JsonFields content = spec.object("content");
      requireHexDigest(content.object("payloadHash"));
      JsonFields logged = content.object("envelope");
      logged.requireText("payloadType", envelope.payload().type());
      JsonFields signature = logged.only("signatures");
      // Base64 twice, as defined for this kind of entry.
      String base64 = Base64.getEncoder().encodeToString(envelope.signature().toArray());
      signature.requireBytes(
          "sig", Bytes.of(base64.getBytes(StandardCharsets.US_ASCII)), "the signature");
      requirePem(signature, "publicKey");
    } else {
      throw new MalformedJsonException(
          "kindVersion: expected dsse 0.0.1 or 0.0.2, hashedrekord 0.0.2 or intoto 0.0.2, found "
              + Printable.quote(kind.toString()));
    }
  }

  private void requireHexDigest(JsonFields hash) throws MalformedJsonException {
    hash.requireText("algorithm", "sha256");
    hash.requireText("value", HexFormat.of().formatHex(Sha256.of(envelope.payload().content())));
  }

  private void requireEncodingDigest(JsonFields data)
      throws MalformedJsonException, GeneralSecurityException {
    String hash = scheme.prehash().orElseThrow();
    data.requireText("algorithm", hash.replace("SHA-", "SHA2_"));
    data.requireBytes("digest", scheme.digest(envelope.payload().pae()), "the payload");
  }

  private void requireSignature(JsonFields signature) throws MalformedJsonException {
    signature.requireBytes("content", envelope.signature(), "the signature");
    JsonFields verifier = signature.object("verifier");
    verifier.requireText("keyDetails", keyDetails(scheme));
    verifier
        .object("x509Certificate")
        .requireBytes("rawBytes", certificate.encoded(), "the certificate");
  }

  /** The name of a key type in Rekor v2. */
  public static String keyDetails(EcdsaScheme scheme) {
    return "PKIX_ECDSA_"
        + scheme.curve().replace("-", "")
        + "_"
        + scheme.prehash().orElseThrow().replace('-', '_');
  }

  private void requirePem(JsonFields fields, String name) throws MalformedJsonException {
    String pem = new String(fields.base64(name).toArray(), StandardCharsets.UTF_8);
    try {
      if (!PemText.only(pem, "CERTIFICATE").content().equals(certificate.encoded())) {
        throw fields.malformed(name, "is not the certificate of the bundle");
      }
    } catch (PemException e) {
      throw fields.malformed(name, "is not a certificate in PEM: " + e.getMessage());
    }
  }
}
