package dev.modelsigning.inspection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.TransparencyLogEntry;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.testing.Forge;
import dev.modelsigning.testing.Models;
import dev.modelsigning.testing.TestCertificate;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library's inspection and comparison, without the command line. */
class InspectionTest {

  private static final Forge FORGE = new Forge();

  @TempDir private Path directory;

  private Path write(Bundle bundle, String name) throws Exception {
    Path file = directory.resolve(name);
    bundle.write(file);
    return file;
  }

  private static Forge.StatementText statement() {
    return new Forge.StatementText().file("a", "alpha").file("b", "beta");
  }

  private static List<String> lines(Inspection inspection, Optional<Layer> layer, int most) {
    List<String> lines = new ArrayList<>();
    inspection.writeLines(layer, most, lines::add);
    return lines;
  }

  @Test
  void isOverTheBytesThatAreSigned() throws Exception {
    Inspection inspection =
        Inspection.read(
            write(FORGE.bundle(statement().toString()), "a.sig"), KeylessClaims.Reader.NONE);

    assertThat(inspection.paeDigest())
        .isEqualTo(Forge.sha256Hex(inspection.bundle().envelope().payload().pae().toArray()));
    assertThat(inspection.problem()).isEmpty();
    assertThat(inspection.manifest().orElseThrow().fileCount()).isEqualTo(2);
    assertThat(inspection.headline()).startsWith("NOT VERIFIED");
  }

  @Test
  void cutsListsWhereItIsTold() throws Exception {
    Inspection inspection =
        Inspection.read(
            write(FORGE.bundle(statement().toString()), "a.sig"), KeylessClaims.Reader.NONE);

    assertThat(lines(inspection, Optional.of(Layer.STATEMENT), 1))
        .endsWith("    ... and 1 more")
        .noneMatch(line -> line.endsWith("  b"));
    assertThat(lines(inspection, Optional.of(Layer.STATEMENT), 2))
        .last()
        .asString()
        .endsWith("  b");
  }

  /** The method sigstore is another module; without it, everything else is shown. */
  @Test
  void showsACertificateBesideLogEntriesThatNobodyReads() throws Exception {
    TestCertificate root = TestCertificate.root("CN=root");
    TestCertificate signer = root.signer("CN=signer");
    Bundle signed = signer.bundle(statement().toString(), root);
    Bundle logged =
        new Bundle(
            signed.mediaType(),
            signed.verificationMaterial(),
            List.of(new TransparencyLogEntry("{}")),
            List.of(),
            signed.envelope());

    SignerClaims claims = SignerClaims.of(logged, KeylessClaims.Reader.NONE);

    assertThat(claims.describe()).isEqualTo("certificate CN=signer");
    assertThat(claims.certificates()).hasSize(2);
    assertThat(claims.logEntries().problem()).contains("nobody here reads log entries");
  }

  @Test
  void saysWhatTheFileIsThatIsMalformed() throws Exception {
    Path file = Models.write(directory.resolve("m"), "x", "garbage").resolve("x");

    assertThatThrownBy(() -> Inspection.read(file, KeylessClaims.Reader.NONE))
        .isInstanceOf(MalformedBundleException.class);
  }

  // --- comparisons

  @Test
  void comparesForTheLibraryToo() throws Exception {
    Path model = Models.write(directory.resolve("m"), "a", "alpha", "c", "beta");
    Path signature = write(FORGE.bundle(statement().toString()), "a.sig");

    ComparisonInputs inputs = ComparisonInputs.at(signature, model);
    assertThat(inputs.hasSignature() && inputs.hasModel()).isTrue();
    ModelComparison claimed = inputs.compare(ModelHasher.builder(), KeylessClaims.Reader.NONE);
    ModelComparison verified = inputs.compareVerified(ModelHasher.builder(), FORGE.verifier());

    assertThat(claimed.isSame()).isFalse();
    assertThat(claimed.isVerified()).isFalse();
    assertThat(claimed.files().moved()).hasSize(1);
    assertThat(verified.isVerified()).isTrue();
    assertThat(verified.before().verified()).isPresent();
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    verified.writeJson(json);
    assertThat(json.toString(StandardCharsets.US_ASCII))
        .startsWith("{\"verified\":true,")
        .contains("\"moved\":[{\"from\":\"b\",\"to\":\"c\"");
  }

  @Test
  void verifiesBothSignaturesOrComparesNothing() throws Exception {
    Path ours = write(FORGE.bundle(statement().toString()), "ours.sig");
    Path theirs = write(new Forge().bundle(statement().toString()), "theirs.sig");

    assertThatThrownBy(() ->
            ComparisonInputs.at(ours, theirs)
                .compareVerified(ModelHasher.builder(), FORGE.verifier()))
        .isInstanceOf(VerificationException.class)
        .hasMessageStartingWith(theirs + ": ");
    assertThat(
            ComparisonInputs.at(ours, theirs)
                .compare(ModelHasher.builder(), KeylessClaims.Reader.NONE)
                .isSame())
        .isTrue();
  }

  @Test
  void hasNothingToVerifyInTwoModels() throws Exception {
    Path model = Models.write(directory.resolve("m"), "a", "alpha");

    assertThatThrownBy(() ->
            ComparisonInputs.at(model, model)
                .compareVerified(ModelHasher.builder(), FORGE.verifier()))
        .isInstanceOf(IncomparableException.class)
        .hasMessageContaining("nothing to verify");
    assertThat(
            ComparisonInputs.at(model, model)
                .compare(ModelHasher.builder(), KeylessClaims.Reader.NONE)
                .isVerified())
        .isFalse();
  }
}
