package dev.modelsigning.sigstore;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.Value.KindCase;
import com.google.protobuf.util.JsonFormat;
import dev.modelsigning.VerificationException;
import dev.modelsigning.VerificationException.Reason;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.Envelope;
import dev.modelsigning.bundle.SignatureAlgorithm;
import dev.modelsigning.json.JsonReader;
import dev.modelsigning.json.MalformedJsonException;
import dev.modelsigning.json.Printable;
import dev.modelsigning.sigstore.LogEntry.Kind;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;

/**
 * What a log entry is about: it must name this signature, this certificate and this payload, or it
 * says nothing about the bundle that it is in.
 */
final class LogEntryBody {

  private static final long MAX_TOKENS = 1_000;

  private final Envelope envelope;
  private final SigningCertificate certificate;
  private final SignatureAlgorithm algorithm;

  private LogEntryBody(Envelope envelope, SigningCertificate certificate)
      throws GeneralSecurityException {
    this.envelope = envelope;
    this.certificate = certificate;
    this.algorithm = SignatureAlgorithm.of(certificate.key());
  }

  /**
   * Refuses an entry that is about something else.
   *
   * @param entry an entry that is in a trusted log
   * @param envelope the envelope that it must be about
   * @param certificate the certificate that it must be about
   */
  static void require(LogEntry entry, Envelope envelope, SigningCertificate certificate)
      throws VerificationException {
    try {
      Fields body = Fields.read(entry.body());
      body.requireText("kind", entry.kind().name());
      body.requireText("apiVersion", entry.kind().version());
      new LogEntryBody(envelope, certificate).require(entry.kind(), body.object("spec"));
    } catch (MismatchException | GeneralSecurityException e) {
      throw new VerificationException(
          Reason.UNTRUSTED_LOG_ENTRY,
          "log entry " + entry.logIndex() + ": " + e.getMessage() + " (OMS 8.2)",
          e);
    }
  }

  private void require(Kind kind, Fields spec) throws MismatchException, GeneralSecurityException {
    if (kind.equals(Kind.DSSE_V1)) {
      requireHexDigest(spec.object("payloadHash"));
      Fields signature = spec.only("signatures");
      signature.requireBytes("signature", envelope.signature(), "the signature");
      requirePem(signature, "verifier");
    } else if (kind.equals(Kind.DSSE_V2)) {
      Fields dsse = spec.object("dsseV002");
      Fields hash = dsse.object("payloadHash");
      hash.requireText("algorithm", "SHA2_256");
      hash.requireBytes("digest", Bytes.of(Sha256.of(envelope.payload())), "the payload");
      requireSignature(dsse.only("signatures"));
    } else if (kind.equals(Kind.HASHED_REKORD_V2)) {
      Fields rekord = spec.object("hashedRekordV002");
      requireEncodingDigest(rekord.object("data"));
      requireSignature(rekord.object("signature"));
    } else if (kind.equals(Kind.INTOTO_V2)) {
      Fields content = spec.object("content");
      requireHexDigest(content.object("payloadHash"));
      Fields logged = content.object("envelope");
      logged.requireText("payloadType", Envelope.PAYLOAD_TYPE);
      Fields signature = logged.only("signatures");
      // Base64 twice, as this kind has it.
      String base64 = Base64.getEncoder().encodeToString(envelope.signature().toArray());
      signature.requireBytes(
          "sig", Bytes.of(base64.getBytes(StandardCharsets.US_ASCII)), "the signature");
      requirePem(signature, "publicKey");
    } else {
      throw new MismatchException(
          "kindVersion: expected dsse 0.0.1 or 0.0.2, hashedrekord 0.0.2 or intoto 0.0.2, found "
              + Printable.quote(kind.toString()));
    }
  }

  private void requireHexDigest(Fields hash) throws MismatchException {
    hash.requireText("algorithm", "sha256");
    hash.requireText("value", HexFormat.of().formatHex(Sha256.of(envelope.payload())));
  }

  private void requireEncodingDigest(Fields data)
      throws MismatchException, GeneralSecurityException {
    String hash =
        switch (algorithm) {
          case ECDSA_P256_SHA256 -> "256";
          case ECDSA_P384_SHA384 -> "384";
          case ECDSA_P521_SHA512 -> "512";
        };
    data.requireText("algorithm", "SHA2_" + hash);
    byte[] digest = MessageDigest.getInstance("SHA-" + hash).digest(envelope.pae().toArray());
    data.requireBytes("digest", Bytes.of(digest), "the payload");
  }

  private void requireSignature(Fields signature) throws MismatchException {
    signature.requireBytes("content", envelope.signature(), "the signature");
    Fields verifier = signature.object("verifier");
    verifier.requireText("keyDetails", keyDetails(algorithm));
    verifier
        .object("x509Certificate")
        .requireBytes("rawBytes", certificate.encoded(), "the certificate");
  }

  /** What Rekor v2 calls a key. */
  static String keyDetails(SignatureAlgorithm algorithm) {
    return switch (algorithm) {
      case ECDSA_P256_SHA256 -> "PKIX_ECDSA_P256_SHA_256";
      case ECDSA_P384_SHA384 -> "PKIX_ECDSA_P384_SHA_384";
      case ECDSA_P521_SHA512 -> "PKIX_ECDSA_P521_SHA_512";
    };
  }

  private void requirePem(Fields fields, String name) throws MismatchException {
    String pem = new String(fields.bytes(name).toArray(), StandardCharsets.UTF_8);
    try (PemReader reader = new PemReader(new StringReader(pem))) {
      PemObject block = reader.readPemObject();
      if (block == null
          || !block.getType().equals("CERTIFICATE")
          || !Bytes.of(block.getContent()).equals(certificate.encoded())
          || reader.readPemObject() != null) {
        throw fields.mismatch(name, "is not the certificate of the bundle");
      }
    } catch (IOException | RuntimeException e) {
      // The reader throws all kinds of exceptions on damaged blocks.
      throw fields.mismatch(name, "is not a certificate in PEM");
    }
  }

  /** An entry is not about what it must be about. */
  private static final class MismatchException extends Exception {
    private static final long serialVersionUID = 1L;

    MismatchException(String message) {
      super(message);
    }
  }

  /** An object of the body, and the place where it is. */
  private record Fields(String place, Struct struct) {

    static Fields read(Bytes body) throws MismatchException {
      String document = "canonicalizedBody";
      try {
        String json = JsonReader.read(document, body.toArray(), MAX_TOKENS, JsonReader::rawValue);
        Struct.Builder struct = Struct.newBuilder();
        JsonFormat.parser().merge(json, struct);
        return new Fields(document, struct.build());
      } catch (MalformedJsonException | InvalidProtocolBufferException e) {
        throw new MismatchException(document + ": " + Printable.escape("" + e.getMessage()));
      }
    }

    Fields object(String name) throws MismatchException {
      Value value = field(name, KindCase.STRUCT_VALUE, "an object");
      return new Fields(place + "." + name, value.getStructValue());
    }

    /** The one element of a list. */
    Fields only(String name) throws MismatchException {
      Value value = field(name, KindCase.LIST_VALUE, "a list");
      if (value.getListValue().getValuesCount() != 1
          || value.getListValue().getValues(0).getKindCase() != KindCase.STRUCT_VALUE) {
        throw mismatch(name, "expected exactly one signature");
      }
      Struct element = value.getListValue().getValues(0).getStructValue();
      return new Fields(place + "." + name + "[0]", element);
    }

    void requireText(String name, String expected) throws MismatchException {
      String found = field(name, KindCase.STRING_VALUE, "a string").getStringValue();
      if (!found.equals(expected)) {
        throw mismatch(name, "expected '" + expected + "', found " + Printable.quote(found));
      }
    }

    void requireBytes(String name, Bytes expected, String what) throws MismatchException {
      if (!bytes(name).equals(expected)) {
        throw mismatch(name, "is not " + what + " of the bundle");
      }
    }

    Bytes bytes(String name) throws MismatchException {
      String text = field(name, KindCase.STRING_VALUE, "a string").getStringValue();
      try {
        return Bytes.of(Base64.getDecoder().decode(text));
      } catch (IllegalArgumentException e) {
        throw mismatch(name, "is not Base64");
      }
    }

    private Value field(String name, KindCase kind, String type) throws MismatchException {
      Value value = struct.getFieldsOrDefault(name, Value.getDefaultInstance());
      if (value.getKindCase() != kind) {
        throw mismatch(name, "expected " + type);
      }
      return value;
    }

    MismatchException mismatch(String name, String problem) {
      return new MismatchException(place + "." + name + ": " + problem);
    }
  }
}
