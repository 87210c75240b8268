package dev.modelsigning.policy.internal.signer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.signing.CertificateIdentity;
import dev.modelsigning.signing.CertificateSummary;
import dev.modelsigning.signing.KeyIdentity;
import dev.modelsigning.signing.KeylessIdentity;
import dev.modelsigning.signing.PayloadEncoding;
import dev.modelsigning.signing.SignerIdentity;
import dev.modelsigning.signing.SubjectName;
import dev.modelsigning.signing.VerifiedPayload;
import dev.modelsigning.testing.TestCertificate;
import dev.modelsigning.testing.TestKeys;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who is one person, and how many different ones signed. */
class PersonsTest {

  private static final TestCertificate CERTIFICATE = TestCertificate.root("CN=any");
  private static final Bundle BUNDLE = CERTIFICATE.bundle("{}");

  private final Persons persons = new Persons();

  private static CertificateSummary summary(String subject) {
    return new CertificateSummary(
        subject, "CN=Authority", BigInteger.ONE, "ab", "ECDSA P-256", Instant.MIN, Instant.MAX);
  }

  private static SignerIdentity keyless(String identity, String provider) {
    return new KeylessIdentity(identity, provider, summary(""), List.of());
  }

  private static SignerIdentity key(String fingerprint) {
    return new KeyIdentity(fingerprint, "ECDSA P-256");
  }

  private void signed(String name, SignerIdentity by) {
    signed(name, by, BUNDLE);
  }

  private void signed(String name, SignerIdentity by, Bundle bundle) {
    persons.add(
        name,
        VerifiedPayload.assertion(
            bundle.envelope().payload(), PayloadEncoding.PAE, by, List.of(), List.of()),
        bundle);
  }

  @Test
  void countsOneIdentityThatTwoExpressionsMatchOnce() {
    signed("any tag", keyless("https://ci.example/train@refs/tags/v1", "https://provider.example"));
    signed(
        "version 1", keyless("https://ci.example/train@refs/tags/v1", "https://provider.example"));

    assertThat(persons.choose(List.of())).containsExactly("any tag");
  }

  @Test
  void countsTwoIdentitiesThatOneExpressionMatchesOnce() {
    signed("any tag", keyless("https://ci.example/train@refs/tags/v1", "https://provider.example"));
    signed("any tag", keyless("https://ci.example/train@refs/tags/v2", "https://provider.example"));

    assertThat(persons.choose(List.of())).containsExactly("any tag");
  }

  @Test
  void countsTwoIdentitiesByTwoExpressionsOfWhichOneMatchesBoth() {
    signed("any tag", keyless("https://ci.example/train@refs/tags/v1", "https://provider.example"));
    signed(
        "version 1", keyless("https://ci.example/train@refs/tags/v1", "https://provider.example"));
    signed("any tag", keyless("https://ci.example/train@refs/tags/v2", "https://provider.example"));

    assertThat(persons.choose(List.of())).containsExactlyInAnyOrder("any tag", "version 1");
  }

  @Test
  void countsOneNameByTwoProvidersOnce() {
    signed("one", keyless("Alice@bank.example", "https://one.example"));
    signed("other", keyless("alice@bank.example", "https://other.example"));

    assertThat(persons.choose(List.of())).hasSize(1);
  }

  @Test
  void countsAnIdentityAndACertificateWithThisNameOnce() {
    signed("keyless", keyless("alice@bank.example", "https://one.example"));
    signed(
        "certificate",
        new CertificateIdentity(
            "alice@bank.example",
            List.of(new SubjectName(SubjectName.Kind.EMAIL, "alice@bank.example")),
            summary("CN=Alice"),
            Optional.empty()));

    assertThat(persons.choose(List.of())).hasSize(1);
  }

  @Test
  void countsOnePersonOnceWhoIsKnownByWayOfAThirdSignature() {
    signed("key", key(TestKeys.fingerprint(CERTIFICATE.keys().getPublic())));
    signed("keyless", keyless("alice@bank.example", "https://one.example"));
    assertThat(persons.choose(List.of())).hasSize(2);

    // A certificate over the key, with the name of the identity.
    signed(
        "certificate",
        new CertificateIdentity(
            "alice@bank.example",
            List.of(new SubjectName(SubjectName.Kind.EMAIL, "alice@bank.example")),
            summary("CN=Alice"),
            Optional.empty()));
    assertThat(persons.choose(List.of())).hasSize(1);
  }

  @Test
  void choosesThoseWhoMustBeThereFirst() {
    signed("a", key("1"));
    signed("b", key("1"));

    assertThat(persons.choose(List.of("b"))).containsExactly("b");
    assertThat(persons.choose(List.of("a", "b"))).containsExactly("a");
    assertThat(persons.choose(List.of("absent"))).containsExactly("a");
  }

  @Test
  void countsDifferentPeople() {
    signed("a", key("1"));
    signed("b", key("2"));
    signed("c", keyless("carol", "https://one.example"));

    assertThat(persons.choose(List.of())).containsExactly("a", "b", "c");
  }
}
