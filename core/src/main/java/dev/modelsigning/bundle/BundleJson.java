package dev.modelsigning.bundle;

import dev.modelsigning.bundle.VerificationMaterial.X509Certificate;
import dev.modelsigning.bundle.VerificationMaterial.X509CertificateChain;
import dev.modelsigning.internal.json.JsonReader;
import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.internal.json.MalformedJsonException;
import dev.modelsigning.internal.json.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes and reads the JSON of a {@link Bundle} (OMS 4, 8.1). */
final class BundleJson {

  private static final String DOCUMENT = "bundle";

  /**
   * Bundles have a few hundred. This part of the file is not authenticated, so the limit is low.
   */
  static final long MAX_TOKENS = 20_000;

  // Each unsigned part has its own limit, since an attacker may have written it to exhaust the
  // verifier. Only the payload grows with the model. The table in SECURITY.md has the same numbers.

  /** The longest certification path that is accepted, see {@code PathBuilder}. */
  private static final int MAX_CERTIFICATES = 17;

  /** Usual certificates have 1 to 4 KB; with post-quantum signatures up to 51 KB. */
  private static final int MAX_CERTIFICATE = 64 * 1024;

  /** Bundles have one or two. */
  private static final int MAX_LOG_ENTRIES = 32;

  /** Usual entries have 4 to 20 KB. */
  private static final int MAX_LOG_ENTRY = 1024 * 1024;

  /** Bundles have one or two. */
  private static final int MAX_TIMESTAMPS = 32;

  /** The limit for a response of a Time Stamping Authority; usual ones have 1 to 10 KB. */
  private static final int MAX_TIMESTAMP = 1024 * 1024;

  /** ECDSA signatures have up to 139 bytes, post-quantum ones up to 50 KB. */
  private static final int MAX_SIGNATURE = 64 * 1024;

  /** Public keys have 100 to 300 bytes of PEM, post-quantum ones a few KB. */
  private static final int MAX_KEY = 64 * 1024;

  /** Fingerprints and names of keys and types have up to 100 characters. */
  private static final int MAX_NAME = 1024;

  /** The kinds of keys that OMS allows, by their names in protobuf-specs. */
  private static final List<String> KEY_DETAILS =
      List.of("PKIX_ECDSA_P256_SHA_256", "PKIX_ECDSA_P384_SHA_384", "PKIX_ECDSA_P521_SHA_512");

  private BundleJson() {}

  static Bytes write(Bundle bundle) {
    Payload payload = bundle.envelope().payload();
    // The length is known without encoding the payload.
    long length = 4 * ((payload.content().length() + 2L) / 3);
    length += JsonWriter.length(json -> write(bundle, json, field -> field.string("payload", "")));
    return Bytes.produced(
        Math.toIntExact(length),
        out ->
            JsonWriter.document(
                out,
                json ->
                    write(
                        bundle,
                        json,
                        field -> field.base64("payload", payload.content()::writeTo))));
  }

  private static void write(Bundle bundle, JsonWriter json, JsonWriter.Content payload) {
    json.string("mediaType", bundle.mediaType())
        .object("verificationMaterial", fields -> writeMaterial(bundle, fields))
        .object("dsseEnvelope", fields -> writeEnvelope(bundle.envelope(), payload, fields));
  }

  private static void writeMaterial(Bundle bundle, JsonWriter json) {
    VerificationMaterial material = bundle.verificationMaterial();
    if (material instanceof PublicKeyIdentifier key) {
      json.object(
          "publicKey",
          fields -> {
            key.hint().ifPresent(hint -> fields.string("hint", hint));
            key.rawBytes().ifPresent(bytes -> fields.string("rawBytes", base64(bytes)));
          });
    } else if (material instanceof X509CertificateChain chain) {
      json.object(
          "x509CertificateChain",
          fields ->
              fields.array(
                  "certificates",
                  list ->
                      chain
                          .certificates()
                          .forEach(
                              der -> list.object(one -> one.string("rawBytes", base64(der))))));
    } else if (material instanceof X509Certificate certificate) {
      json.object(
          "certificate", fields -> fields.string("rawBytes", base64(certificate.rawBytes())));
    }
    json.array(
        "tlogEntries", list -> bundle.tlogEntries().forEach(entry -> list.raw(entry.json())));
    if (!bundle.rfc3161Timestamps().isEmpty()) {
      json.object(
          "timestampVerificationData",
          data ->
              data.array(
                  "rfc3161Timestamps",
                  list ->
                      bundle
                          .rfc3161Timestamps()
                          .forEach(token ->
                              list.object(one -> one.string("signedTimestamp", base64(token))))));
    }
  }

  private static void writeEnvelope(
      Envelope envelope, JsonWriter.Content payload, JsonWriter json) {
    payload.write(json);
    json.string("payloadType", envelope.payload().type())
        .array(
            "signatures",
            list ->
                list.object(fields ->
                    fields.string("sig", base64(envelope.signature())).string("keyid", "")));
  }

  private static String base64(Bytes bytes) {
    return Base64.getEncoder().encodeToString(bytes.shared());
  }

  static Bundle read(Bytes json) throws MalformedBundleException {
    try {
      return read(json.inputStream(), json.length());
    } catch (IOException e) {
      throw new IllegalStateException("a stream in memory", e);
    }
  }

  /**
   * Reads a bundle block by block.
   *
   * @param size the expected number of bytes
   */
  static Bundle read(InputStream json, long size) throws IOException, MalformedBundleException {
    try {
      return JsonReader.read(
          DOCUMENT, json, size, MAX_TOKENS, reader -> new Reader(reader).bundle());
    } catch (MalformedJsonException e) {
      throw new MalformedBundleException(e);
    }
  }

  /** Reads the fields of one bundle, in any order. */
  private static final class Reader {
    private final JsonReader json;
    private @Nullable String mediaType;
    private @Nullable VerificationMaterial material;
    private @Nullable Envelope envelope;
    private final List<TransparencyLogEntry> tlogEntries = new ArrayList<>();
    private final List<Bytes> timestamps = new ArrayList<>();

    Reader(JsonReader json) {
      this.json = json;
    }

    Bundle bundle() throws MalformedJsonException {
      json.object(name -> {
        switch (name) {
          case "mediaType" -> mediaType = readMediaType();
          case "verificationMaterial" -> readMaterial();
          case "dsseEnvelope" -> envelope = readEnvelope();
          default -> throw json.unknown(name);
        }
      });
      if (mediaType == null) {
        throw json.missing("mediaType");
      }
      if (material == null) {
        throw json.missing("verificationMaterial");
      }
      if (envelope == null) {
        throw json.missing("dsseEnvelope");
      }
      return new Bundle(mediaType, material, tlogEntries, timestamps, envelope);
    }

    private String readMediaType() throws MalformedJsonException {
      String found = json.string();
      if (!Bundle.MEDIA_TYPES.contains(found)) {
        throw json.malformed(
            "expected '" + Bundle.MEDIA_TYPE + "', found " + Printable.quote(found) + " (OMS 8.1)");
      }
      return found;
    }

    private void readMaterial() throws MalformedJsonException {
      json.object(name -> {
        switch (name) {
          case "publicKey" -> setMaterial(readPublicKey());
          case "x509CertificateChain" -> setMaterial(readChain());
          case "certificate" -> setMaterial(new X509Certificate(readCertificate()));
          case "tlogEntries" ->
              json.array(MAX_LOG_ENTRIES, index -> tlogEntries.add(readLogEntry()));
          case "timestampVerificationData" -> readTimestamps();
          default -> throw json.unknown(name);
        }
      });
      if (material == null) {
        throw json.malformed(
            "expected one of publicKey, x509CertificateChain and certificate, found none"
                + " (OMS 4.1)");
      }
    }

    private void setMaterial(VerificationMaterial found) throws MalformedJsonException {
      if (material != null) {
        throw json.malformed(
            "exactly one of publicKey, x509CertificateChain and certificate may stand here"
                + " (OMS 4.1)");
      }
      material = found;
    }

    private PublicKeyIdentifier readPublicKey() throws MalformedJsonException {
      var fields =
          new Object() {
            @Nullable String hint;
            @Nullable Bytes rawBytes;
          };
      json.object(name -> {
        switch (name) {
          case "hint" -> fields.hint = json.string(MAX_NAME);
          case "rawBytes" -> fields.rawBytes = Bytes.wrap(json.base64(MAX_KEY));
          case "keyDetails" -> readKeyDetails();
          default -> throw json.unknown(name);
        }
      });
      // An empty hint is equivalent to none.
      return new PublicKeyIdentifier(
          Optional.ofNullable(fields.hint).filter(hint -> !hint.isEmpty()),
          Optional.ofNullable(fields.rawBytes));
    }

    /** Signers before OMS 1.1 also wrote the kind of key, which the key itself determines. */
    private void readKeyDetails() throws MalformedJsonException {
      String found = json.string();
      if (!KEY_DETAILS.contains(found)) {
        throw json.malformed(
            "expected one of "
                + String.join(", ", KEY_DETAILS)
                + ", found "
                + Printable.quote(found));
      }
    }

    private X509CertificateChain readChain() throws MalformedJsonException {
      List<Bytes> certificates = new ArrayList<>();
      json.object(name -> {
        if (!name.equals("certificates")) {
          throw json.unknown(name);
        }
        json.array(MAX_CERTIFICATES, index -> certificates.add(readCertificate()));
      });
      if (certificates.isEmpty()) {
        throw json.malformed("certificates", "at least one is required (OMS 4.1)");
      }
      return new X509CertificateChain(certificates);
    }

    private Bytes readCertificate() throws MalformedJsonException {
      return readBase64Field("rawBytes", MAX_CERTIFICATE);
    }

    private TransparencyLogEntry readLogEntry() throws MalformedJsonException {
      String entry = json.rawValue(MAX_LOG_ENTRY);
      if (!entry.startsWith("{")) {
        throw json.malformed("expected an object");
      }
      return new TransparencyLogEntry(entry);
    }

    private void readTimestamps() throws MalformedJsonException {
      json.object(name -> {
        if (!name.equals("rfc3161Timestamps")) {
          throw json.unknown(name);
        }
        json.array(
            MAX_TIMESTAMPS,
            index -> timestamps.add(readBase64Field("signedTimestamp", MAX_TIMESTAMP)));
      });
    }

    /** Reads an object with a single Base64 field. */
    private Bytes readBase64Field(String field, int most) throws MalformedJsonException {
      List<Bytes> found = new ArrayList<>(1);
      json.object(name -> {
        if (!name.equals(field)) {
          throw json.unknown(name);
        }
        found.add(Bytes.wrap(json.base64(most)));
      });
      if (found.isEmpty()) {
        throw json.missing(field);
      }
      return found.get(0);
    }

    private Envelope readEnvelope() throws MalformedJsonException {
      var fields =
          new Object() {
            @Nullable Bytes payload;
            @Nullable String payloadType;
            @Nullable Bytes signature;
          };
      json.object(name -> {
        switch (name) {
          case "payload" ->
              json.base64((bytes, length) -> fields.payload = Bytes.wrap(bytes, length));
          case "payloadType" -> fields.payloadType = readPayloadType();
          case "signatures" -> fields.signature = readSignatures();
          default -> throw json.unknown(name);
        }
      });
      if (fields.payloadType == null) {
        throw json.missing("payloadType");
      }
      if (fields.payload == null) {
        throw json.missing("payload");
      }
      if (fields.signature == null) {
        throw json.missing("signatures");
      }
      return new Envelope(new Payload(fields.payloadType, fields.payload), fields.signature);
    }

    private String readPayloadType() throws MalformedJsonException {
      String found = json.string();
      if (!found.equals(Payload.IN_TOTO)) {
        throw json.malformed(
            "expected '" + Payload.IN_TOTO + "', found " + Printable.quote(found) + " (OMS 6.7)");
      }
      return found;
    }

    private Bytes readSignatures() throws MalformedJsonException {
      List<Bytes> signatures = new ArrayList<>();
      var read =
          new Object() {
            int number;
          };
      json.array(index -> {
        read.number++;
        if (index == 0) {
          signatures.add(readSignature());
        } else {
          json.skip();
        }
      });
      if (read.number != 1) {
        throw json.malformed(
            "exactly one signature is required, found " + read.number + " (OMS 4)");
      }
      return signatures.get(0);
    }

    private Bytes readSignature() throws MalformedJsonException {
      List<Bytes> found = new ArrayList<>(1);
      json.object(name -> {
        switch (name) {
          case "sig" -> found.add(Bytes.wrap(json.base64(MAX_SIGNATURE)));
          case "keyid" -> {
            if (!json.isNull()) {
              json.string(MAX_NAME);
            }
          }
          default -> throw json.unknown(name);
        }
      });
      if (found.isEmpty()) {
        throw json.missing("sig");
      }
      return found.get(0);
    }
  }
}
