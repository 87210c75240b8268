package dev.modelsigning.internal.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchIllegalArgumentException;

import dev.modelsigning.signing.CertificateIdentity;
import dev.modelsigning.signing.CertificateSummary;
import dev.modelsigning.signing.KeyIdentity;
import dev.modelsigning.signing.KeylessIdentity;
import dev.modelsigning.signing.KeylessIdentity.LogPosition;
import dev.modelsigning.signing.OtherIdentity;
import dev.modelsigning.signing.RevocationScope;
import dev.modelsigning.signing.SignerIdentity;
import dev.modelsigning.signing.SubjectName;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The fields about signers, which no third-party method may use. */
class SignerFieldsTest {

  private static final CertificateSummary CERTIFICATE =
      new CertificateSummary(
          "CN=S",
          "CN=I",
          BigInteger.valueOf(171),
          "00ff",
          "ECDSA P-256",
          Instant.EPOCH,
          Instant.EPOCH);

  private static final List<SignerIdentity> OURS =
      List.of(
          new KeyIdentity("00", "ECDSA P-256"),
          new CertificateIdentity(
              "a@b.example",
              List.of(
                  new SubjectName(SubjectName.Kind.EMAIL, "a@b.example"),
                  new SubjectName(SubjectName.Kind.HOST, "b.example")),
              CERTIFICATE,
              Optional.of(new RevocationScope(true, true, true))),
          new KeylessIdentity(
              "a@b.example",
              "https://id.example",
              CERTIFICATE,
              List.of(new LogPosition(1, "x"), new LogPosition(2, "y"))));

  @Test
  void namesTheAuthorityOrTheProviderAsIssuer() {
    assertThat(SignerFields.of(OURS.get(1)))
        .containsEntry("issuer", "CN=I")
        .containsEntry("names", "a@b.example, b.example")
        .containsEntry("serial", "AB")
        .containsEntry(
            "revocation", "checked by the lists given and online, unknown status allowed");
    assertThat(SignerFields.of(OURS.get(2)))
        .containsEntry("issuer", "https://id.example")
        .containsEntry("logIndex", "1, 2")
        .containsEntry("logAddress", "x, y");
  }

  /** Every label of ours is refused as a detail, and no other name is. */
  @Test
  void nobodyElseMayUseAFieldOfOurs() {
    Set<String> ours = new TreeSet<>(Set.of("method", "name"));
    // How the other lines of reports begin, among which details stand: verdicts, and what sign
    // says.
    ours.addAll(
        Set.of("model", "signer", "time", "times", "files", "digest", "notCovered", "signature"));
    ours.addAll(Set.of("timeStamp", "signedBy", "lastWritten"));
    OURS.forEach(signer -> ours.addAll(SignerFields.of(signer).keySet()));
    for (String field : ours) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new OtherIdentity("acme", "x", Map.of(field, "y")))
          .withMessageContaining(field.toLowerCase(Locale.ROOT));
    }
    String message =
        catchIllegalArgumentException(() -> new OtherIdentity("acme", "x", Map.of("name", "y")))
            .getMessage();
    String list = message.substring(message.indexOf('[') + 1, message.indexOf(']'));
    assertThat(list.split(", "))
        .containsExactlyInAnyOrderElementsOf(
            ours.stream().map(each -> each.toLowerCase(Locale.ROOT)).toList());
  }
}
