package dev.modelsigning.sigstore.internal.message;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.internal.json.JsonReader;
import dev.modelsigning.internal.json.MalformedJsonException;
import dev.modelsigning.sigstore.internal.message.TransparencyLogInstance.PublicKey;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a {@link TrustedRootMessage}. Fields without a use here are checked for their form. */
public final class TrustedRootJson {

  private final JsonReader json;
  private final MessageJson fields;

  private TrustedRootJson(String document, JsonReader json) {
    this.json = json;
    this.fields = new MessageJson(document, json);
  }

  /**
   * Reads a trusted root.
   *
   * @param document the name of the document in messages
   * @param json positioned at it
   */
  public static TrustedRootMessage read(String document, JsonReader json)
      throws MalformedJsonException {
    return new TrustedRootJson(document, json).trustedRoot();
  }

  private TrustedRootMessage trustedRoot() throws MalformedJsonException {
    var root =
        new Object() {
          @Nullable String mediaType;
          @Nullable List<TransparencyLogInstance> tlogs;
          @Nullable List<CertificateAuthority> certificateAuthorities;
          @Nullable List<TransparencyLogInstance> ctlogs;
          @Nullable List<CertificateAuthority> timestampAuthorities;
        };
    json.object(name -> {
      switch (name) {
        case "mediaType", "media_type" -> root.mediaType = fields.text(root.mediaType);
        case "tlogs" -> root.tlogs = fields.list(root.tlogs, this::log);
        case "certificateAuthorities", "certificate_authorities" ->
            root.certificateAuthorities = fields.list(root.certificateAuthorities, this::authority);
        case "ctlogs" -> root.ctlogs = fields.list(root.ctlogs, this::log);
        case "timestampAuthorities", "timestamp_authorities" ->
            root.timestampAuthorities = fields.list(root.timestampAuthorities, this::authority);
        default -> json.skip();
      }
    });
    return new TrustedRootMessage(
        MessageJson.orElse(root.mediaType, ""),
        MessageJson.orElse(root.tlogs, List.of()),
        MessageJson.orElse(root.certificateAuthorities, List.of()),
        MessageJson.orElse(root.ctlogs, List.of()),
        MessageJson.orElse(root.timestampAuthorities, List.of()));
  }

  private TransparencyLogInstance log() throws MalformedJsonException {
    var log =
        new Object() {
          @Nullable String baseUrl;
          @Nullable EnumText hashAlgorithm;
          @Nullable PublicKey publicKey;
          @Nullable Bytes logId;
          @Nullable Bytes checkpointKeyId;
          @Nullable String operator;
        };
    json.object(name -> {
      switch (name) {
        case "baseUrl", "base_url" -> log.baseUrl = fields.text(log.baseUrl);
        case "hashAlgorithm", "hash_algorithm" ->
            log.hashAlgorithm = fields.enumeration(log.hashAlgorithm);
        case "publicKey", "public_key" ->
            log.publicKey = fields.message(log.publicKey, this::publicKey);
        case "logId", "log_id" -> log.logId = fields.message(log.logId, this::keyId);
        case "checkpointKeyId", "checkpoint_key_id" ->
            log.checkpointKeyId = fields.message(log.checkpointKeyId, this::keyId);
        case "operator" -> log.operator = fields.text(log.operator);
        default -> json.skip();
      }
    });
    return new TransparencyLogInstance(
        MessageJson.orElse(log.baseUrl, ""),
        MessageJson.orElse(
            log.publicKey,
            new PublicKey(MessageJson.NO_BYTES, Optional.empty(), TimeRange.UNSTATED)),
        MessageJson.orElse(log.logId, MessageJson.NO_BYTES),
        MessageJson.orElse(log.checkpointKeyId, MessageJson.NO_BYTES));
  }

  private PublicKey publicKey() throws MalformedJsonException {
    var key =
        new Object() {
          @Nullable Bytes rawBytes;
          @Nullable EnumText keyDetails;
          @Nullable TimeRange validFor;
        };
    json.object(name -> {
      switch (name) {
        case "rawBytes", "raw_bytes" -> key.rawBytes = fields.bytes(key.rawBytes);
        case "keyDetails", "key_details" -> key.keyDetails = fields.enumeration(key.keyDetails);
        case "validFor", "valid_for" -> key.validFor = fields.timeRange(key.validFor);
        default -> json.skip();
      }
    });
    return new PublicKey(
        MessageJson.orElse(key.rawBytes, MessageJson.NO_BYTES),
        Optional.ofNullable(key.keyDetails).flatMap(PublicKeyDetails::of),
        MessageJson.orElse(key.validFor, TimeRange.UNSTATED));
  }

  /** Reads a {@code LogId}. */
  private Bytes keyId() throws MalformedJsonException {
    var id =
        new Object() {
          @Nullable Bytes keyId;
        };
    json.object(name -> {
      switch (name) {
        case "keyId", "key_id" -> id.keyId = fields.bytes(id.keyId);
        default -> json.skip();
      }
    });
    return MessageJson.orElse(id.keyId, MessageJson.NO_BYTES);
  }

  private CertificateAuthority authority() throws MalformedJsonException {
    var authority =
        new Object() {
          @Nullable String subject;
          @Nullable String uri;
          @Nullable List<Bytes> certChain;
          @Nullable TimeRange validFor;
          @Nullable String operator;
        };
    json.object(name -> {
      switch (name) {
        case "subject" -> authority.subject = fields.message(authority.subject, this::subject);
        case "uri" -> authority.uri = fields.text(authority.uri);
        case "certChain", "cert_chain" ->
            authority.certChain = fields.message(authority.certChain, this::certChain);
        case "validFor", "valid_for" -> authority.validFor = fields.timeRange(authority.validFor);
        case "operator" -> authority.operator = fields.text(authority.operator);
        default -> json.skip();
      }
    });
    return new CertificateAuthority(
        MessageJson.orElse(authority.uri, ""),
        MessageJson.orElse(authority.certChain, List.of()),
        MessageJson.orElse(authority.validFor, TimeRange.UNSTATED));
  }

  /** Reads a {@code DistinguishedName} and returns its common name. */
  private String subject() throws MalformedJsonException {
    var subject =
        new Object() {
          @Nullable String organization;
          @Nullable String commonName;
        };
    json.object(name -> {
      switch (name) {
        case "organization" -> subject.organization = fields.text(subject.organization);
        case "commonName", "common_name" -> subject.commonName = fields.text(subject.commonName);
        default -> json.skip();
      }
    });
    return MessageJson.orElse(subject.commonName, "");
  }

  /** Reads an {@code X509CertificateChain}. */
  private List<Bytes> certChain() throws MalformedJsonException {
    var chain =
        new Object() {
          @Nullable List<Bytes> certificates;
        };
    json.object(name -> {
      switch (name) {
        case "certificates" ->
            chain.certificates = fields.list(chain.certificates, this::certificate);
        default -> json.skip();
      }
    });
    return MessageJson.orElse(chain.certificates, List.of());
  }

  /** Reads an {@code X509Certificate}. */
  private Bytes certificate() throws MalformedJsonException {
    var certificate =
        new Object() {
          @Nullable Bytes rawBytes;
        };
    json.object(name -> {
      switch (name) {
        case "rawBytes", "raw_bytes" -> certificate.rawBytes = fields.bytes(certificate.rawBytes);
        default -> json.skip();
      }
    });
    return MessageJson.orElse(certificate.rawBytes, MessageJson.NO_BYTES);
  }
}
