package dev.modelsigning.bundle;

import dev.modelsigning.bundle.VerificationMaterial.X509Certificate;
import dev.modelsigning.bundle.VerificationMaterial.X509CertificateChain;
import dev.modelsigning.json.JsonReader;
import dev.modelsigning.json.JsonWriter;
import dev.modelsigning.json.MalformedJsonException;
import dev.modelsigning.json.Printable;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes and reads the JSON of a {@link Bundle} (OMS 4, 8.1). */
final class BundleJson {

  private static final String DOCUMENT = "bundle";

  /** Bundles have a few hundred; this part of the file is not signed, so it is kept small. */
  static final long MAX_TOKENS = 20_000;

  private BundleJson() {}

  static Bytes write(Bundle bundle) {
    return Bytes.wrap(
        JsonWriter.document(json ->
            json.string("mediaType", bundle.mediaType())
                .object("verificationMaterial", fields -> writeMaterial(bundle, fields))
                .object("dsseEnvelope", fields -> writeEnvelope(bundle.envelope(), fields))));
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

  private static void writeEnvelope(Envelope envelope, JsonWriter json) {
    json.string("payload", base64(envelope.payload()))
        .string("payloadType", Envelope.PAYLOAD_TYPE)
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
    return Statement.readJson(DOCUMENT, json, MAX_TOKENS, reader -> new Reader(reader).bundle());
  }

  /** Reads the fields of one bundle, in whatever order they come. */
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
          case "tlogEntries" -> json.array(index -> tlogEntries.add(readLogEntry()));
          case "timestampVerificationData" -> readTimestamps();
          default -> json.skip();
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
          case "hint" -> fields.hint = json.string();
          case "rawBytes" -> fields.rawBytes = Bytes.wrap(json.base64());
          default -> json.skip();
        }
      });
      // An empty hint says nothing, like none.
      return new PublicKeyIdentifier(
          Optional.ofNullable(fields.hint).filter(hint -> !hint.isEmpty()),
          Optional.ofNullable(fields.rawBytes));
    }

    private X509CertificateChain readChain() throws MalformedJsonException {
      List<Bytes> certificates = new ArrayList<>();
      json.object(name -> {
        if (name.equals("certificates")) {
          json.array(index -> certificates.add(readCertificate()));
        } else {
          json.skip();
        }
      });
      if (certificates.isEmpty()) {
        throw json.malformed("certificates", "at least one is required (OMS 4.1)");
      }
      return new X509CertificateChain(certificates);
    }

    private Bytes readCertificate() throws MalformedJsonException {
      return readBase64Field("rawBytes");
    }

    private TransparencyLogEntry readLogEntry() throws MalformedJsonException {
      String entry = json.rawValue();
      if (!entry.startsWith("{")) {
        throw json.malformed("expected an object");
      }
      return new TransparencyLogEntry(entry);
    }

    private void readTimestamps() throws MalformedJsonException {
      json.object(name -> {
        if (name.equals("rfc3161Timestamps")) {
          json.array(index -> timestamps.add(readBase64Field("signedTimestamp")));
        } else {
          json.skip();
        }
      });
    }

    /** Reads an object of which one field counts. */
    private Bytes readBase64Field(String field) throws MalformedJsonException {
      List<Bytes> found = new ArrayList<>(1);
      json.object(name -> {
        if (name.equals(field)) {
          found.add(Bytes.wrap(json.base64()));
        } else {
          json.skip();
        }
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
          case "payload" -> fields.payload = Bytes.wrap(json.base64());
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
      return new Envelope(fields.payload, fields.signature);
    }

    private String readPayloadType() throws MalformedJsonException {
      String found = json.string();
      if (!found.equals(Envelope.PAYLOAD_TYPE)) {
        throw json.malformed(
            "expected '"
                + Envelope.PAYLOAD_TYPE
                + "', found "
                + Printable.quote(found)
                + " (OMS 6.7)");
      }
      return found;
    }

    private Bytes readSignatures() throws MalformedJsonException {
      List<Bytes> signatures = new ArrayList<>();
      json.array(index -> signatures.add(readSignature()));
      if (signatures.size() != 1) {
        throw json.malformed(
            "exactly one signature is required, found " + signatures.size() + " (OMS 4)");
      }
      return signatures.get(0);
    }

    private Bytes readSignature() throws MalformedJsonException {
      List<Bytes> found = new ArrayList<>(1);
      json.object(name -> {
        switch (name) {
          case "sig" -> found.add(Bytes.wrap(json.base64()));
          case "keyid" -> {
            if (!json.isNull()) {
              json.string();
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
