package dev.modelsigning.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.certificate.CertificateVerifier;
import dev.modelsigning.key.KeyVerifier;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.timestamp.TimestampVerifier;
import dev.modelsigning.timestamp.TimestampedVerifier;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The vectors of one's own, each with the way in which it must end. */
class VectorsTest {

  /** What is in the folder besides vectors. */
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

  @Test
  void everyFileIsUsed() throws IOException {
    assertThat(VectorSet.unused())
        .filteredOn(file -> !OTHERS.contains(file))
        .filteredOn(file -> !file.matches("(keys-for-tests-only|hash|ecdsa)/[^/]+"))
        .isEmpty();
  }

  private static BundleVerifier verifier(Vector vector)
      throws IOException, GeneralSecurityException {
    return vector.method().equals("key") ? keyVerifier(vector) : certificateVerifier(vector);
  }

  private static BundleVerifier keyVerifier(Vector vector)
      throws IOException, GeneralSecurityException {
    KeyVerifier verifier = KeyVerifier.load(files(vector, "public-key").get(0));
    return vector.has("tsa-certificate-chain")
        ? TimestampedVerifier.using(verifier, timestamps(vector))
        : verifier;
  }

  private static BundleVerifier certificateVerifier(Vector vector)
      throws IOException, GeneralSecurityException {
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
      throws IOException, GeneralSecurityException {
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
