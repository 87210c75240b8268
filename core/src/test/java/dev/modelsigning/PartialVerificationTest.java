package dev.modelsigning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.finding.Rules;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.local.DirectorySource;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.model.HashAlgorithm;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.signingkey.SigningKey;
import dev.modelsigning.testing.Forge;
import dev.modelsigning.testing.Models;
import dev.modelsigning.testing.ObjectStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models of which only a part is hashed: all that is refused is validly signed. */
class PartialVerificationTest {

  private static final String INDEX = "model.safetensors.index.json";
  private static final String ONE = "model-00001-of-00002.safetensors";
  private static final String TWO = "model-00002-of-00002.safetensors";

  @TempDir private Path directory;

  private Path model;
  private Path signature;
  private Forge forge;

  @BeforeEach
  void makeAModel() throws Exception {
    model =
        Models.write(
            directory.resolve("model"), "a/x", "ax", "a/y/z", "ayz", "ab", "ab", "b", "bee");
    signature = directory.resolve("model.sig");
    forge = new Forge();
  }

  private void sign() throws Exception {
    sign(ModelHasher.withDefaults());
  }

  private KeySigner signer() throws Exception {
    return KeySigner.using(SigningKey.of(forge.keys().privateKey(), forge.keys().publicKey()));
  }

  private void sign(ModelHasher hasher) throws Exception {
    ModelSigner.using(signer()).withHasher(hasher).sign(model, signature);
  }

  private ModelVerifier verifier(String... only) throws Exception {
    ModelVerifier.Builder builder = ModelVerifier.builder(forge.verifier());
    Stream.of(only).forEach(builder::only);
    return builder.build();
  }

  private VerifiedModel verify(String... only) throws Exception {
    return verifier(only).verify(model, signature);
  }

  private VerificationOutcome examine(String... only) throws Exception {
    return verifier(only).examine(DirectorySource.of(model), signature);
  }

  private void assertInvalid(String message, String... only) {
    assertThatThrownBy(() -> verify(only))
        .isInstanceOfSatisfying(
            VerificationException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.INVALID_SELECTION))
        .hasMessageContaining(message);
  }

  private static Map<String, String> content(Path root) throws IOException {
    Map<String, String> content = new TreeMap<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        content.put(root.relativize(file).toString(), Files.readString(file));
      }
    }
    return content;
  }

  // --- files and directories

  @ParameterizedTest
  @EnumSource(HashAlgorithm.class)
  void hashesTheFileThatIsNamedAndSaysWhatIsLeft(HashAlgorithm algorithm) throws Exception {
    sign(ModelHasher.builder().hashAlgorithm(algorithm).build());
    VerifiedModel verified = verify("b");

    assertThat(verified.isPartial()).isTrue();
    assertThat(verified.files()).isEqualTo(1);
    assertThat(verified.bytes()).isEqualTo(3);
    assertThat(verified.left()).containsExactly("a/x", "a/y/z", "ab");
    assertThat(verified.findings())
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.rule()).isEqualTo(Rules.PARTLY_HASHED);
          assertThat(finding.message()).startsWith("only 1 of 4 signed files were hashed");
        });
  }

  /** Its name is the beginning of that of a file beside it. */
  @Test
  void takesADirectoryByItsComponents() throws Exception {
    sign();
    assertThat(verify("a").left()).containsExactly("ab", "b");
    assertThat(verify("a/y").left()).containsExactly("a/x", "ab", "b");
    assertThat(verify("a", "b").left()).containsExactly("ab");
    assertThat(verify("a", "a/x").left()).containsExactly("ab", "b");
  }

  @Test
  void isWholeIfNothingIsLeft() throws Exception {
    sign();
    for (List<String> all : List.of(List.of("."), List.of("a", "ab", "b"), List.of(".", "b"))) {
      VerifiedModel verified = verify(all.toArray(new String[0]));
      assertThat(verified.isPartial()).isFalse();
      assertThat(verified.left()).isEmpty();
      assertThat(verified.files()).isEqualTo(4);
      assertThat(verified.findings()).isEmpty();
    }
  }

  @Test
  void takesShardsOfAFileTogether() throws Exception {
    sign(ModelHasher.builder().shardSize(1).build());
    VerifiedModel verified = verify("b");
    assertThat(verified.left()).containsExactly("a/x", "a/y/z", "ab");
    assertThat(verified.bytes()).isEqualTo(3);
    assertInvalid("nothing was signed by the name 'b:0:1'", "b:0:1");
  }

  @ParameterizedTest
  @CsvSource({
    "c, name files and directories as they were signed",
    "x, there is 'a/x'",
    "B, there is 'b'",
    "A, there is 'a'",
    "A/Y, there is 'a/y'",
    "a/y/z/more, name files",
    "a/y/, ''",
  })
  void refusesWhatSelectsNothing(String path, String hint) throws Exception {
    sign();
    if (path.endsWith("/")) {
      assertThatThrownBy(() -> verify(path))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("ends with a slash");
      return;
    }
    assertInvalid("nothing was signed by the name '" + path + "'", path);
    assertInvalid(hint, path);
    // Also beside what can be had.
    assertInvalid("nothing was signed by the name '" + path + "'", "b", path);
    assertInvalid("nothing was signed by the name '" + path + "'", ".", path);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/b", "../model/b", "a/../b", "./b", "a//x"})
  void refusesNamesThatAreNotCanonical(String path) throws Exception {
    sign();
    assertThatThrownBy(() -> verify(path))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("(OMS 6.1.2)");
  }

  /** Two names that look the same, of which one was signed. */
  @Test
  void normalisesNoName() throws Exception {
    String composed = "caf\u00e9";
    String decomposed = "cafe\u0301";
    Models.write(model, decomposed, "x");
    sign();
    assertThat(verify(decomposed).files()).isEqualTo(1);
    assertInvalid("there is ", composed);

    Models.write(model, composed, "y");
    sign();
    assertThat(verify(composed).left()).contains(decomposed);
  }

  @Test
  void takesASingleFileByItsNameOrAsAll() throws Exception {
    model = model.resolve("b");
    sign();
    assertThat(verify("b").isPartial()).isFalse();
    assertThat(verify(".").files()).isEqualTo(1);
    assertInvalid("nothing was signed", "a");
  }

  /** As signers before OMS 1.0 named it. */
  @Test
  void takesASingleFileWithoutAName() throws Exception {
    model = model.resolve("b");
    Files.write(
        signature,
        forge.bundle(new Forge.StatementText().file(".", "bee").toString()).toJson().toArray());
    assertThat(verify("b").files()).isEqualTo(1);
    assertThat(verify(".").files()).isEqualTo(1);
    assertInvalid("nothing was signed", "a");
  }

  // --- what is not selected

  @Test
  void doesNotNoticeWhatIsInOtherFiles() throws Exception {
    sign();
    Files.writeString(model.resolve("ab"), "AB");
    VerifiedModel verified = verify("b");

    assertThat(verified.left()).contains("ab");
    // What is read of it is checked nevertheless.
    assertThat(verified.readAllBytes("b")).asString().isEqualTo("bee");
    assertThatThrownBy(() -> verified.readAllBytes("ab"))
        .isInstanceOf(ModelMismatchException.class);
    assertThatThrownBy(() -> verify()).isInstanceOf(ModelMismatchException.class);
  }

  @Test
  void failsWhereTheSelectedFileIsAnother() throws Exception {
    sign();
    Files.writeString(model.resolve("b"), "BEE");
    assertThatThrownBy(() -> verify("b"))
        .isInstanceOfSatisfying(
            ModelMismatchException.class, e -> assertThat(e.differences().changed()).hasSize(1))
        .hasMessageContaining("1 changed; 1 of 4 files were hashed (OMS 8.4)");
    assertThat(verify("a").left()).contains("b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ab", "b"})
  void failsWhereAFileIsMissingWhicheverIsSelected(String missing) throws Exception {
    sign();
    Files.delete(model.resolve(missing));
    assertThatThrownBy(() -> verify("b"))
        .isInstanceOfSatisfying(
            ModelMismatchException.class,
            e -> assertThat(e.differences().missing()).containsExactly(missing));
  }

  @Test
  void failsWhereAFileIsNotSigned() throws Exception {
    sign();
    Files.writeString(model.resolve("a/new"), "x");
    assertThatThrownBy(() -> verify("b"))
        .isInstanceOfSatisfying(
            ModelMismatchException.class, e -> assertThat(e.differences().extra()).hasSize(1));
    assertInvalid("nothing was signed by the name 'a/new'", "a/new");
  }

  @Test
  void failsWhereAnUnselectedFileIsALink() throws Exception {
    sign();
    Files.delete(model.resolve("ab"));
    Files.createSymbolicLink(model.resolve("ab"), Path.of("b"));
    assertThatThrownBy(() -> verify("b")).isInstanceOf(ModelMismatchException.class);
  }

  /** The names of shards tell how long a file was. */
  @Test
  void failsWhereAnUnselectedFileHasAnotherLength() throws Exception {
    sign(ModelHasher.builder().shardSize(10).build());
    Files.writeString(model.resolve("ab"), "longer");
    VerificationOutcome outcome = examine("b");
    assertThat(outcome.failure()).containsInstanceOf(ModelMismatchException.class);
    assertThat(outcome.comparison().orElseThrow().left()).containsExactly("a/x", "a/y/z");
  }

  @Test
  void failsWhereTheSignatureIsNoGood() throws Exception {
    sign();
    forge = new Forge();
    assertThatThrownBy(() -> verify("b"))
        .isInstanceOfSatisfying(
            VerificationException.class, e -> assertThat(e.reason()).isEqualTo(Reason.WRONG_KEY));
  }

  // --- copies

  @Test
  void copiesWhatIsSelected() throws Exception {
    sign();
    Path copy = directory.resolve("copy");
    verifier("a").examineAndCopy(DirectorySource.of(model), signature, copy).orElseThrow();
    assertThat(content(copy)).isEqualTo(Map.of("a/x", "ax", "a/y/z", "ayz"));

    Path later = directory.resolve("later");
    verify("b").copyTo(later);
    assertThat(content(later)).isEqualTo(Map.of("b", "bee"));
  }

  // --- any source

  @Test
  void readsNothingElseOfAnySource() throws Exception {
    ObjectStore store = new ObjectStore().put("x", "ex", "y/z", "zed", "y/empty", "");
    ModelSigner.using(signer()).sign(store, signature);
    store.before(
        "open",
        "x",
        () -> {
          throw new IOException("was opened");
        });
    VerifiedModel verified = verifier("y").verify(store, signature);
    assertThat(verified.left()).containsExactly("x");
    assertThatThrownBy(() -> verifier("x").verify(store, signature))
        .hasMessageContaining("was opened");
  }

  // --- indexes

  private void writeParts(String index) throws IOException {
    Models.write(model, "sub/" + INDEX, index, "sub/" + ONE, "one", "sub/" + TWO, "two");
  }

  private static String index(String... files) {
    StringBuilder json = new StringBuilder("{\"metadata\":{\"total_size\":6},\"weight_map\":{");
    for (int i = 0; i < files.length; i++) {
      json.append(i == 0 ? "" : ",").append("\"t").append(i).append("\":");
      json.append('"').append(files[i].replace("\\", "\\\\")).append('"');
    }
    return json.append("}}").toString();
  }

  @Test
  void takesAnIndexForAllPartsThatItNames() throws Exception {
    writeParts(index(ONE, TWO, TWO));
    sign();
    VerifiedModel verified = verify("sub/" + INDEX);
    assertThat(verified.files()).isEqualTo(3);
    assertThat(verified.left()).containsExactly("a/x", "a/y/z", "ab", "b");

    for (String part : List.of(ONE, TWO)) {
      Path file = model.resolve("sub/" + part);
      String content = Files.readString(file);
      Files.writeString(file, "xxx");
      assertThatThrownBy(() -> verify("sub/" + INDEX)).isInstanceOf(ModelMismatchException.class);
      Files.writeString(file, content);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model.safetensors.index.json",
        "pytorch_model.bin.index.json",
        "model.fp16.safetensors.index.json",
        "diffusion_pytorch_model.safetensors.index.fp16.json"
      })
  void knowsIndexesByTheirNames(String name) throws Exception {
    Models.write(model, name, index("a/x"));
    sign();
    assertThat(verify(name).left()).containsExactly("a/y/z", "ab", "b");
  }

  @Test
  void takesOtherFilesAsTheyAre() throws Exception {
    for (String name : List.of("model.index.json", "safetensors.index.json", "x.index.jsonl")) {
      Models.write(model, name, "no JSON");
    }
    sign();
    assertThat(verify("model.index.json").files()).isEqualTo(1);
    assertThat(verify("safetensors.index.json").files()).isEqualTo(1);
    assertThat(verify("x.index.jsonl").files()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../b",
        "x/../../b",
        "..",
        ".",
        "./b",
        "",
        "/b",
        "a//x",
        "b/",
        "sub\\b",
        "..\\b",
        "b\\u0000"
      })
  void refusesAnIndexThatNamesWhatCanBeNoFileBelowIt(String file) throws Exception {
    String json = index("PLACE").replace("PLACE", file.replace("\\b", "\\\\b"));
    Models.write(model, "sub/" + INDEX, json);
    sign();
    assertInvalid("expected the path of a file below the index", "sub/" + INDEX);
    // It is what was signed, and its content is irrelevant if it is not used.
    assertThat(verify("b").files()).isEqualTo(1);
    verify("sub");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "{\"weight_map\":{}}",
        "{\"weight_map\":[]}",
        "{\"weight_map\":null}",
        "{\"weight_map\":{\"t\":1}}",
        "{\"weight_map\":{\"t\":null}}",
        "{\"weight_map\":{\"t\":[\"b\"]}}",
        "{\"weight_map\":{\"t\":\"b\",\"t\":\"b\"}}",
        "{\"weight_map\":{\"t\":\"b\"},\"weight_map\":{\"t\":\"ab\"}}",
        "{\"weight_map\":{\"t\":\"b\"}} x",
        "{\"weight_map\":{\"t\":\"b\"}",
        "{\"weight_map\":{\"t\":\"\\ud800\"}}"
      })
  void refusesWhatIsNoIndex(String json) throws Exception {
    Models.write(model, INDEX, json);
    sign();
    assertInvalid("this is no index of parts: " + INDEX, INDEX);
  }

  @Test
  void refusesAnIndexThatNamesWhatWasNotSigned() throws Exception {
    Models.write(model, INDEX, index("b", "nowhere"));
    sign();
    assertInvalid("names 'nowhere', which was not signed", INDEX);
    Models.write(model, INDEX, index("b", "a"));
    sign();
    assertInvalid("names 'a', which was not signed", INDEX);
  }

  /** What is not signed is no part, also where it is there and may be there. */
  @Test
  void refusesAnIndexThatNamesAnUnsignedFile() throws Exception {
    writeParts(index(ONE, TWO));
    sign(ModelHasher.builder().reading(Reading.withDefaults().ignorePath("sub/" + TWO)).build());
    assertInvalid("names 'sub/" + TWO + "', which was not signed", "sub/" + INDEX);
  }

  @Test
  void failsWhereAPartIsMissing() throws Exception {
    writeParts(index(ONE, TWO));
    sign();
    Files.delete(model.resolve("sub/" + TWO));
    assertThatThrownBy(() -> verify("sub/" + INDEX))
        .isInstanceOfSatisfying(
            ModelMismatchException.class,
            e -> assertThat(e.differences().missing()).containsExactly("sub/" + TWO));
  }

  /** Neither the index nor the model has it, so nothing else would miss it. */
  @Test
  void refusesAnIndexWithoutAPartThatItsNumbersPromise() throws Exception {
    writeParts(index("model-00001-of-00003.safetensors", "model-00003-of-00003.safetensors"));
    for (String name : List.of("1", "3")) {
      Models.write(model, "sub/model-0000" + name + "-of-00003.safetensors", name);
    }
    Files.delete(model.resolve("sub/" + ONE));
    Files.delete(model.resolve("sub/" + TWO));
    sign();
    assertInvalid(
        "names 'sub/model-00001-of-00003.safetensors', but not"
            + " 'sub/model-00002-of-00003.safetensors'",
        "sub/" + INDEX);

    Models.write(model, "sub/" + INDEX, index("model-00003-of-00003.safetensors"));
    Files.delete(model.resolve("sub/model-00001-of-00003.safetensors"));
    sign();
    assertInvalid(
        "names 'sub/model-00003-of-00003.safetensors', but not"
            + " 'sub/model-00001-of-00003.safetensors'",
        "sub/" + INDEX);
  }

  @Test
  void refusesAnIndexThatNamesFewerPartsThanThereAre() throws Exception {
    writeParts(index(ONE));
    sign();
    assertInvalid(
        "names fewer parts than the model has: 'sub/" + TWO + "' is missing in it", "sub/" + INDEX);

    writeParts(index(ONE, TWO));
    Models.write(model, "sub/model-00003-of-00003.safetensors", "x");
    sign();
    assertInvalid("'sub/model-00003-of-00003.safetensors' is missing", "sub/" + INDEX);
  }

  /** Whose parts they are is said by the name of the index too. */
  @Test
  void refusesAnIndexThatNamesOtherPartsThanItsOwn() throws Exception {
    writeParts(index("other.safetensors"));
    Models.write(model, "sub/other.safetensors", "x");
    sign();
    assertInvalid("'sub/" + ONE + "' is missing in it", "sub/" + INDEX);
  }

  @Test
  void knowsPartsOfOthersByTheirNames() throws Exception {
    writeParts(index(ONE, TWO));
    Models.write(
        model,
        ONE,
        "another directory",
        "sub/other-00001-of-00001.safetensors",
        "x",
        "sub/model-00001-of-00002.bin",
        "x",
        "sub/model-1-of-2.safetensors",
        "x");
    sign();
    assertThat(verify("sub/" + INDEX).files()).isEqualTo(3);
  }

  /** It is not read before it was proved, or it would be refused for what it says. */
  @Test
  void failsOnAnIndexThatWasChangedWhateverItSays() throws Exception {
    writeParts(index(ONE, TWO));
    sign();
    for (String hostile : List.of(index("../../key"), "[".repeat(1000), "", index(ONE))) {
      Files.writeString(model.resolve("sub/" + INDEX), hostile);
      VerificationOutcome outcome = examine("sub/" + INDEX, "b");
      assertThat(outcome.failure())
          .containsInstanceOf(ModelMismatchException.class)
          .get()
          .satisfies(
              e -> assertThat(e).hasMessageContaining("1 changed; 2 of 7 files were hashed"));
      assertThat(outcome.comparison().orElseThrow().diff().changed())
          .singleElement()
          .satisfies(one -> assertThat(one.name()).isEqualTo("sub/" + INDEX));
    }
    // All other differences are reported with it.
    Files.delete(model.resolve("ab"));
    assertThat(examine("sub/" + INDEX).comparison().orElseThrow().diff().missing())
        .containsExactly("ab");
  }

  @Test
  void failsWhereTheIndexIsMissing() throws Exception {
    writeParts(index(ONE, TWO));
    sign();
    Files.delete(model.resolve("sub/" + INDEX));
    assertThat(examine("sub/" + INDEX).comparison().orElseThrow().diff().missing())
        .containsExactly("sub/" + INDEX);
  }

  @Test
  void refusesAnIndexThatIsTooLarge() throws Exception {
    try (var file =
        Files.newByteChannel(
            model.resolve(INDEX), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      file.position(64L << 20).write(ByteBuffer.wrap(new byte[1]));
    }
    sign();
    assertThatThrownBy(() -> verify(INDEX))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("is too large for an index: expected at most 67108864 bytes");
    assertThat(verify("b").left()).contains(INDEX);
  }

  /** As many tensors as the largest models have, and more fields than other objects may have. */
  @Test
  void readsALargeIndex() throws Exception {
    String[] files = new String[200_000];
    for (int i = 0; i < files.length; i++) {
      files[i] = i % 2 == 0 ? ONE : TWO;
    }
    writeParts(index(files));
    sign();
    assertThat(verify("sub/" + INDEX).files()).isEqualTo(3);
  }

  @Test
  void takesSeveralIndexesAndProvesThemByShards() throws Exception {
    writeParts(index(ONE, TWO));
    Models.write(model, INDEX, index("a/x"));
    sign(ModelHasher.builder().shardSize(10).build());
    assertThat(verify(INDEX, "sub/" + INDEX).left()).containsExactly("a/y/z", "ab", "b");
  }

  // --- split GGUF

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void takesAnyPartOfASplitForAll(int number) throws Exception {
    for (int i = 1; i <= 3; i++) {
      Models.write(model, "g/q4-0000" + i + "-of-00003.gguf", "part" + i);
    }
    Models.write(model, "g/q8-00001-of-00001.gguf", "x", "q4-00001-of-00004.gguf", "x");
    sign();
    String path = "g/q4-0000" + number + "-of-00003.gguf";
    assertThat(verify(path).left())
        .containsExactly(
            "a/x", "a/y/z", "ab", "b", "g/q8-00001-of-00001.gguf", "q4-00001-of-00004.gguf");

    Files.writeString(model.resolve("g/q4-00003-of-00003.gguf"), "other");
    assertThatThrownBy(() -> verify(path)).isInstanceOf(ModelMismatchException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "m-00001-of-00002.gguf, m-00003-of-00002.gguf, is no part",
    "m-00001-of-00002.gguf, m-00001-of-00003.gguf, one of 3",
    "m-00000-of-00002.gguf, m-00001-of-00002.gguf, found 0 of 2",
    "m-00001-of-00002.gguf, m-00000-of-00002.gguf, found 0 of 2",
    "m-00000-of-00000.gguf, other, found 0 of 0",
    "m-00001-of-00000.gguf, other, found 1 of 0",
    "m-00005-of-00002.gguf, m-00001-of-00002.gguf, found 5 of 2",
    "m-00001-of-00002.gguf, other, 'of which ''m-00002-of-00002.gguf'' was not signed'",
    "m-00001-of-99999.gguf, other, 'of which ''m-00002-of-99999.gguf'' was not signed'"
  })
  void refusesASplitThatIsNotComplete(String path, String other, String message) throws Exception {
    Models.write(model, path, "x", other, "y");
    sign();
    assertInvalid(message, path);
    assertThat(verify("b").files()).isEqualTo(1);
  }

  @Test
  void failsWhereAPartOfASplitIsMissing() throws Exception {
    Models.write(model, "m-00001-of-00002.gguf", "x", "m-00002-of-00002.gguf", "y");
    sign();
    Files.delete(model.resolve("m-00002-of-00002.gguf"));
    assertThatThrownBy(() -> verify("m-00001-of-00002.gguf"))
        .isInstanceOf(ModelMismatchException.class);
  }
}
