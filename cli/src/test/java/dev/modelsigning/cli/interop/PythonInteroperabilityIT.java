package dev.modelsigning.cli.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.statement.Statement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What our command line and the Python one do alike: both run as their users run them. */
@WithPythonClient
class PythonInteroperabilityIT {

  private static final String ALONE = "Java signs, Java verifies";
  private static final String DIGEST = "our `digest`, and the one in Python's signature";
  private static final ResultTable RESULTS =
      new ResultTable(
          SampleModel.all().map(SampleModel::toString).toList(),
          List.of(
              Direction.JAVA_TO_PYTHON.toString(),
              Direction.PYTHON_TO_JAVA.toString(),
              ALONE,
              DIGEST));
  private static final String PASSED = "verified; change refused";

  private static KeyPair keys;

  @TempDir private Path directory;

  @BeforeAll
  static void makeKeys(@TempDir Path directory) throws Exception {
    keys = KeyPair.generate(directory, "P-256");
  }

  @AfterAll
  static void writeResults() throws IOException {
    RESULTS.write("python-interoperability.md");
  }

  @ParameterizedTest
  @MethodSource("dev.modelsigning.cli.interop.SampleModel#all")
  void whatJavaSignsBothVerifyAndPythonRefusesOneChangedByte(SampleModel sample) throws Exception {
    Path model = sample.buildIn(directory);
    Path signature = sample.signature(model);
    sign(Client.java(), model, signature, sample.ignoreOptions(model));
    sample.changeWhatIsLeftOut(model);
    Client.java().verify(model, signature, keys.publicKey()).succeeds();
    RESULTS.put(sample.toString(), ALONE, "verified");
    Client.python().verify(model, signature, keys.publicKey()).succeeds();

    sample.changeOneByte(model);
    Client.python().verify(model, signature, keys.publicKey()).refuses(Client.python().changed());
    RESULTS.put(sample.toString(), Direction.JAVA_TO_PYTHON.toString(), PASSED);
  }

  @ParameterizedTest
  @MethodSource("dev.modelsigning.cli.interop.SampleModel#all")
  void whatPythonSignsJavaVerifiesAndRefusesOneChangedByte(SampleModel sample) throws Exception {
    Path model = sample.buildIn(directory);
    Path signature = sample.signature(model);
    sign(Client.python(), model, signature, sample.ignoreOptions(model));
    sample.changeWhatIsLeftOut(model);
    Client.java().verify(model, signature, keys.publicKey()).succeeds();
    compareDigests(sample, model, signature);

    sample.changeOneByte(model);
    Client.java().verify(model, signature, keys.publicKey()).refuses(Client.java().changed());
    RESULTS.put(sample.toString(), Direction.PYTHON_TO_JAVA.toString(), PASSED);
  }

  private static void compareDigests(SampleModel sample, Path model, Path signature)
      throws Exception {
    List<String> arguments = new ArrayList<>(List.of("digest", model.toString()));
    arguments.addAll(List.of(sample.ignoreOptions(model)));
    if (signature.startsWith(model)) {
      arguments.addAll(List.of("--ignore-paths", signature.toString()));
    }
    String ours =
        Client.java().run(model.getParent(), arguments.toArray(new String[0])).succeeds().digest();
    String pythons = Statement.readUnverified(Bundle.read(signature)).manifest().rootDigest().hex();
    if (sample.isInSameOrder()) {
      assertThat(ours).isEqualTo(pythons);
    } else {
      assertThat(ours)
          .isEqualTo("011f10b510ee985017b0d2d6359ce84ab5e27e7d7176be6ceac9a704fcdb66ba");
      assertThat(pythons)
          .isEqualTo("aa5a73aae41dbe4d8ffd586a9e592fdc5e9110c004a89f9eb2254b55277ef9d5");
    }
    RESULTS.put(sample.toString(), DIGEST, sample.isInSameOrder() ? "equal" : "differ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"P-384", "P-521"})
  void keysOfOurGeneratorServeBothOnOtherCurvesToo(String curve) throws Exception {
    KeyPair own = KeyPair.generate(directory, curve);
    Path model = smallModel();
    Path signature = directory.resolve("model.sig");

    Client.java().sign(model, signature, own.privateKey()).succeeds();
    Client.python().verify(model, signature, own.publicKey()).succeeds();
    Client.python().sign(model, signature, own.privateKey()).succeeds();
    Client.java().verify(model, signature, own.publicKey()).succeeds();
  }

  @ParameterizedTest
  @EnumSource
  void theKeyOfSomebodyElseIsRefused(Direction direction) throws Exception {
    KeyPair other = KeyPair.generate(directory, "P-256");
    Path model = smallModel();
    Path signature = directory.resolve("model.sig");
    sign(direction.signer(), model, signature);

    direction
        .verifier()
        .verify(model, signature, other.publicKey())
        .refuses("Verification failed with error: ");
  }

  @ParameterizedTest
  @EnumSource
  void anUnsignedFileIsRefusedUnlessUnsignedFilesAreIgnored(Direction direction) throws Exception {
    Path model = smallModel();
    Path signature = directory.resolve("model.sig");
    sign(direction.signer(), model, signature);
    Files.writeString(model.resolve("sub/extra.py"), "unsigned");

    direction.verifier().verify(model, signature, keys.publicKey()).refuses("sub/extra.py");
    direction
        .verifier()
        .verify(model, signature, keys.publicKey(), "--ignore_unsigned_files")
        .succeeds();

    Files.writeString(model.resolve("config.json"), "changed");
    direction
        .verifier()
        .verify(model, signature, keys.publicKey(), "--ignore_unsigned_files")
        .refuses(direction.verifier().changed());
  }

  @ParameterizedTest
  @EnumSource
  void anUnsignedFileIsAcceptedIfItIsIgnored(Direction direction) throws Exception {
    Path model = smallModel();
    Path signature = directory.resolve("model.sig");
    sign(direction.signer(), model, signature);
    Path extra = Files.writeString(model.resolve("sub/extra.py"), "unsigned");

    direction
        .verifier()
        .verify(model, signature, keys.publicKey(), "--ignore-paths", extra.toString())
        .succeeds();
  }

  @ParameterizedTest
  @EnumSource
  void aMissingFileIsRefused(Direction direction) throws Exception {
    Path model = smallModel();
    Path signature = directory.resolve("model.sig");
    sign(direction.signer(), model, signature);
    Files.delete(model.resolve("sub/weights.bin"));

    direction.verifier().verify(model, signature, keys.publicKey()).refuses("sub/weights.bin");
  }

  @ParameterizedTest
  @EnumSource
  void aModelAndItsSignatureMayMove(Direction direction) throws Exception {
    Path model = smallModel();
    sign(direction.signer(), model, model.resolve("model.sig"));
    Path moved = Files.createDirectory(directory.resolve("elsewhere")).resolve("renamed");
    Files.move(model, moved);
    Path signature = Files.move(moved.resolve("model.sig"), directory.resolve("other.sig"));

    direction.verifier().verify(moved, signature, keys.publicKey()).succeeds();
  }

  @ParameterizedTest
  @EnumSource
  void theModelMayBeTheCurrentDirectoryAndTheSignatureTheDefault(Direction direction)
      throws Exception {
    Path model = smallModel();
    String privateKey = keys.privateKey().toString();
    String publicKey = keys.publicKey().toString();
    direction.signer().run(model, "sign", "key", ".", "--private_key", privateKey).succeeds();

    direction
        .verifier()
        .run(model, "verify", "key", ".", "--signature=model.sig", "--public_key", publicKey)
        .succeeds();
    assertThat(Statement.readUnverified(Bundle.read(model.resolve("model.sig"))).modelName())
        .contains("model");
  }

  @Test
  void unicodeNamesAreTheSameInEveryLocale() throws Exception {
    Path model = Files.createDirectory(directory.resolve("model"));
    Files.writeString(model.resolve("模型😀"), "content");
    Client java = Client.java().with("LC_ALL", "C");
    Path ours = directory.resolve("ours.sig");
    java.sign(model, ours, keys.privateKey()).succeeds();
    Client.python().verify(model, ours, keys.publicKey()).succeeds();

    Path theirs = directory.resolve("theirs.sig");
    Client.python().sign(model, theirs, keys.privateKey()).succeeds();
    java.verify(model, theirs, keys.publicKey()).succeeds();
  }

  private Path smallModel() throws IOException {
    Path model = Files.createDirectory(directory.resolve("model"));
    Files.writeString(model.resolve("config.json"), "{}");
    Files.createDirectory(model.resolve("sub"));
    Files.writeString(model.resolve("sub/weights.bin"), "weights");
    return model;
  }

  private static void sign(Client signer, Path model, Path signature, String... options)
      throws Exception {
    signer.sign(model, signature, keys.privateKey(), options).succeeds();
  }
}
