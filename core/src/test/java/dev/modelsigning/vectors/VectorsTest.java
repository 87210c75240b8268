package dev.modelsigning.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.ModelVerifier;
import dev.modelsigning.certificate.AnySigner;
import dev.modelsigning.certificate.CertificateVerifier;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rule;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.key.KeyVerifier;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.timestamp.TimestampVerifier;
import dev.modelsigning.timestamp.TimestampedVerifier;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The project's own vectors, each with its expected outcome. */
class VectorsTest {

  /** Other files in the folder. */
  private static final List<String> OTHERS = List.of("README.md", "check", "make", "make-python");

  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-06-01T00:00:00Z"), ZoneOffset.UTC);

  @TempDir Path scratch;

  @TestFactory
  Stream<DynamicTest> key() throws IOException {
    return VectorSet.tests("key", scratch, VectorsTest::verifier);
  }

  @TestFactory
  Stream<DynamicTest> certificate() throws IOException {
    return VectorSet.tests("certificate", scratch, VectorsTest::verifier);
  }

  @TestFactory
  Stream<DynamicTest> python() throws IOException {
    return VectorSet.tests("python", scratch, VectorsTest::verifier);
  }

  /** Bundles that are unusual, with the rule of what there is to find about them. */
  private static final Map<String, Rule> FINDINGS =
      Map.ofEntries(
          Map.entry("key/order-by-components", Rules.NOT_CANONICAL_ORDER),
          Map.entry("key/old-p384-sha256", Rules.OLD_FORM),
          Map.entry("key/unusual-bundle-no-hint", Rules.KEY_NOT_NAMED),
          Map.entry("key/unusual-bundle-log-entry", Rules.EXTRAS_NOT_VERIFIED),
          Map.entry("certificate/lone-certificate", Rules.LONE_CERTIFICATE),
          Map.entry("certificate/log-entry", Rules.LOG_ENTRIES_NOT_VERIFIED),
          Map.entry("certificate/verification-time-within", Rules.REQUESTED_TIME),
          Map.entry("certificate/stamp-one-of-two-rubbish", Rules.TIMESTAMP_NOT_COUNTED),
          Map.entry("certificate/revocation-superseded-stamped-before", Rules.REVOKED_LATER),
          Map.entry("certificate/revocation-unknown-allowed", Rules.REVOCATION_NOT_KNOWN));

  @Test
  void findingsAreByTheirRules() throws Exception {
    for (Map.Entry<String, Rule> each : FINDINGS.entrySet()) {
      Vector vector =
          VectorSet.all().stream()
              .filter(one -> one.bundle().startsWith(each.getKey() + "."))
              .findFirst()
              .orElseThrow();
      assertThat(
              AnySigner.aside(
                  ModelVerifier.using(verifier(vector))
                      .verify(
                          VectorSet.model(vector, scratch),
                          VectorSet.root().resolve(vector.bundle()))
                      .findings()))
          .as(vector.name())
          .isNotEmpty()
          .extracting(Finding::rule)
          .containsOnly(each.getValue());
    }
  }

  @Test
  void everyFileIsUsed() throws IOException {
    assertThat(VectorSet.unused())
        .filteredOn(file -> !OTHERS.contains(file))
        .filteredOn(file -> !file.matches("(keys-for-tests-only|hash|ecdsa)/[^/]+"))
        .isEmpty();
  }

  private static BundleVerifier verifier(Vector vector) throws IOException, UnusableTrustException {
    return vector.method().equals("key") ? keyVerifier(vector) : certificateVerifier(vector);
  }

  private static BundleVerifier keyVerifier(Vector vector)
      throws IOException, UnusableTrustException {
    KeyVerifier verifier = KeyVerifier.load(files(vector, "public-key").get(0));
    return vector.has("tsa-certificate-chain")
        ? TimestampedVerifier.using(verifier, timestamps(vector))
        : verifier;
  }

  private static BundleVerifier certificateVerifier(Vector vector)
      throws IOException, UnusableTrustException {
    CertificateVerifier.Builder builder = CertificateVerifier.builder().clock(CLOCK);
    for (Path file : files(vector, "certificate-chain")) {
      builder.trust(file);
    }
    if (vector.has("tsa-certificate-chain")) {
      builder.timestamps(timestamps(vector));
    }
    for (Path file : files(vector, "crl")) {
      builder.revocationList(file);
    }
    vector.values("certificate-identity").forEach(builder::identity);
    vector.values("certificate-fingerprint").forEach(builder::fingerprint);
    vector
        .values("verification-time")
        .forEach(time -> builder.verificationTime(Instant.parse(time)));
    return builder.allowUnknownRevocation(vector.has("revocation-soft-fail")).build();
  }

  private static TimestampVerifier timestamps(Vector vector)
      throws IOException, UnusableTrustException {
    return TimestampVerifier.load(files(vector, "tsa-certificate-chain")).withClock(CLOCK);
  }

  private static List<Path> files(Vector vector, String option) {
    List<Path> files = new ArrayList<>();
    for (String name : vector.values(option)) {
      files.add(VectorSet.root().resolve(name));
    }
    return files;
  }
}
