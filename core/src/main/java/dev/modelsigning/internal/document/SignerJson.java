package dev.modelsigning.internal.document;

import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.signing.CertificateIdentity;
import dev.modelsigning.signing.CertificateSummary;
import dev.modelsigning.signing.KeyIdentity;
import dev.modelsigning.signing.KeylessIdentity;
import dev.modelsigning.signing.OtherIdentity;
import dev.modelsigning.signing.RevocationScope;
import dev.modelsigning.signing.SignerIdentity;
import dev.modelsigning.signing.VerificationTime;
import java.util.List;
import java.util.Locale;

/** Writes the signer: each method has members of its own, and no member has two meanings. */
public final class SignerJson {

  private SignerJson() {}

  /** Writes the members of a signer. */
  public static void write(SignerIdentity signer, JsonWriter json) {
    json.string("method", method(signer.method())).string("name", signer.name());
    if (signer instanceof KeyIdentity key) {
      json.string("fingerprint", "sha256:" + key.fingerprint())
          .string("algorithm", key.algorithm());
      key.keyService().ifPresent(service -> json.string("keyService", service));
      key.keyFile().ifPresent(file -> json.string("keyFile", file));
    } else if (signer instanceof CertificateIdentity owner) {
      writeOwner(owner, json);
    } else if (signer instanceof KeylessIdentity keyless) {
      writeKeyless(keyless, json);
    } else if (signer instanceof OtherIdentity other) {
      json.object("details", details -> other.details().forEach(details::string));
    }
  }

  /**
   * Writes the times that verification went by, as the member {@code times}, and until when time
   * stamps prove the earliest.
   */
  public static void writeTimes(List<VerificationTime> times, JsonWriter json) {
    json.array("times", list -> times.forEach(time -> writeTime(time, list)));
    VerificationTime.provedUntil(times)
        .ifPresent(end -> ReportJson.writeTime("provedUntil", end, json));
  }

  private static void writeTime(VerificationTime time, JsonWriter json) {
    json.object(fields -> {
      fields.string("time", time.instant().toString()).string("source", time.source().name());
      if (!time.authority().isEmpty()) {
        fields.string("authority", time.authority());
      }
      time.validUntil().ifPresent(end -> ReportJson.writeTime("validUntil", end, fields));
    });
  }

  /** The name of a signing method in the form of a constant. */
  public static String method(String name) {
    return name.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  private static void writeOwner(CertificateIdentity owner, JsonWriter json) {
    json.array(
            "names",
            names ->
                owner
                    .names()
                    .forEach(name ->
                        names.object(fields ->
                            fields
                                .string("kind", name.kind().name())
                                .string("value", name.value()))))
        .object("certificate", fields -> writeCertificate(owner.certificate(), fields));
    owner.keyService().ifPresent(service -> json.string("keyService", service));
    owner
        .revocation()
        .ifPresent(scope -> json.object("revocation", fields -> writeScope(scope, fields)));
  }

  private static void writeScope(RevocationScope scope, JsonWriter json) {
    json.bool("checked", scope.isChecked())
        .bool("byLists", scope.byLists())
        .bool("online", scope.online())
        .bool("unknownAllowed", scope.unknownAllowed());
  }

  private static void writeKeyless(KeylessIdentity keyless, JsonWriter json) {
    json.string("identity", keyless.identity())
        .string("identityProvider", keyless.provider())
        .object("certificate", fields -> writeCertificate(keyless.certificate(), fields))
        .array(
            "logEntries",
            entries ->
                keyless
                    .logEntries()
                    .forEach(entry ->
                        entries.object(fields ->
                            fields
                                .integer("index", entry.index())
                                .string("address", entry.address()))));
  }

  /** Writes the members of a certificate. */
  public static void writeCertificate(CertificateSummary certificate, JsonWriter json) {
    json.string("subject", certificate.subject())
        .string("issuer", certificate.issuer())
        .string("serial", certificate.serial().toString(16).toUpperCase(Locale.ROOT))
        .string("fingerprint", "sha256:" + certificate.fingerprint())
        .string("algorithm", certificate.algorithm())
        .string("notBefore", certificate.notBefore().toString())
        .string("notAfter", certificate.notAfter().toString());
  }
}
