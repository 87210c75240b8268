package dev.modelsigning.internal.document;

import dev.modelsigning.signing.CertificateIdentity;
import dev.modelsigning.signing.CertificateSummary;
import dev.modelsigning.signing.KeyIdentity;
import dev.modelsigning.signing.KeylessIdentity;
import dev.modelsigning.signing.KeylessIdentity.LogPosition;
import dev.modelsigning.signing.OtherIdentity;
import dev.modelsigning.signing.SignerIdentity;
import dev.modelsigning.signing.SubjectName;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The attributes of a signer besides method and name, by their JSON names, in the order in which
 * they are shown.
 */
public final class SignerFields {

  private SignerFields() {}

  public static Map<String, String> of(SignerIdentity signer) {
    Map<String, String> fields = new LinkedHashMap<>();
    if (signer instanceof KeyIdentity key) {
      fields.put("algorithm", key.algorithm() + (key.isOfOms() ? "" : " (not OMS v1.0)"));
      key.keyService().ifPresent(service -> fields.put("keyService", service));
      key.keyFile().ifPresent(file -> fields.put("keyFile", file));
    } else if (signer instanceof CertificateIdentity owner) {
      addOwner(owner, fields);
    } else if (signer instanceof KeylessIdentity keyless) {
      addKeyless(keyless, fields);
    } else if (signer instanceof OtherIdentity other) {
      fields.putAll(other.details());
    }
    return fields;
  }

  private static void addOwner(CertificateIdentity owner, Map<String, String> fields) {
    CertificateSummary certificate = owner.certificate();
    fields.put("subject", certificate.subject());
    if (!owner.names().isEmpty()) {
      fields.put(
          "names", String.join(", ", owner.names().stream().map(SubjectName::value).toList()));
    }
    fields.put("issuer", certificate.issuer());
    addNumber(certificate, fields);
    fields.put("algorithm", certificate.algorithm());
    owner.keyService().ifPresent(service -> fields.put("keyService", service));
    addValidity(certificate, fields);
    owner.revocation().ifPresent(scope -> fields.put("revocation", scope.toString()));
  }

  private static void addKeyless(KeylessIdentity keyless, Map<String, String> fields) {
    fields.put("issuer", keyless.provider());
    addNumber(keyless.certificate(), fields);
    addValidity(keyless.certificate(), fields);
    fields.put(
        "logIndex",
        String.join(
            ", ", keyless.logEntries().stream().map(each -> Long.toString(each.index())).toList()));
    fields.put(
        "logAddress",
        String.join(", ", keyless.logEntries().stream().map(LogPosition::address).toList()));
  }

  private static void addNumber(CertificateSummary certificate, Map<String, String> fields) {
    fields.put("serial", certificate.serial().toString(16).toUpperCase(Locale.ROOT));
    fields.put("fingerprint", "sha256:" + certificate.fingerprint());
  }

  private static void addValidity(CertificateSummary certificate, Map<String, String> fields) {
    fields.put("notBefore", certificate.notBefore().toString());
    fields.put("notAfter", certificate.notAfter().toString());
  }
}
