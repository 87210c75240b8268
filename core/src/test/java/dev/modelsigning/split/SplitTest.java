package dev.modelsigning.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.ModelMismatchException;
import dev.modelsigning.ModelSigner;
import dev.modelsigning.ModelVerifier;
import dev.modelsigning.VerificationOutcome;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.internal.json.MalformedJsonException;
import dev.modelsigning.key.KeyPairFiles;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.key.KeyVerifier;
import dev.modelsigning.local.DirectorySource;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.model.HashProgress;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.model.UncoveredEntry;
import dev.modelsigning.signing.PayloadSigner;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.split.SplitIndex.Part;
import dev.modelsigning.split.SplitSigner.SplitModel;
import dev.modelsigning.statement.PartName;
import dev.modelsigning.statement.Statement;
import dev.modelsigning.testing.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that are signed in parts. */
class SplitTest {

  @TempDir private Path directory;

  private Path model;
  private Path index;
  private PayloadSigner signer;
  private KeyVerifier trust;

  @BeforeEach
  void prepare() throws Exception {
    Path key = directory.resolve("key.pem");
    Path publicKey = directory.resolve("key.pub");
    KeyPairFiles.generate(EcdsaScheme.P256, key, publicKey);
    signer = KeySigner.load(key);
    trust = KeyVerifier.load(publicKey);
    model = directory.resolve("data");
    index = directory.resolve("data.index");
    for (String name :
        List.of("readme", "a/1", "a/2", "a/3", "a/b/4", "a/b/5", "c/6", "c/7", "d/e/f/8", "a-9")) {
      Path file = model.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, name);
    }
    Files.createDirectories(model.resolve(".git"));
    Files.writeString(model.resolve(".git/HEAD"), "left out");
  }

  private SplitModel sign(long most) throws Exception {
    return SplitSigner.using(signer, ModelHasher.withDefaults(), most)
        .sign(DirectorySource.of(model), index);
  }

  private List<String> prefixes(SplitModel signed) {
    return signed.index().parts().stream().map(part -> part.prefixes().toString()).toList();
  }

  private List<VerificationOutcome> examine() throws Exception {
    SplitVerifier verifier = SplitVerifier.open(index, trust);
    List<VerificationOutcome> outcomes = new ArrayList<>();
    verifier.examine(
        DirectorySource.of(model),
        ModelVerifier.using(trust),
        (part, outcome) -> outcomes.add(outcome));
    return outcomes;
  }

  private List<String> failures() throws Exception {
    List<String> failures = new ArrayList<>();
    for (VerificationOutcome outcome : examine()) {
      try {
        outcome.orElseThrow();
      } catch (ModelMismatchException e) {
        e.differences().changed().forEach(changed -> failures.add("changed " + changed.name()));
        e.differences().missing().forEach(missing -> failures.add("missing " + missing));
        e.differences().extra().forEach(extra -> failures.add("extra " + extra.name()));
      }
    }
    return failures;
  }

  @Test
  void partsAreDirectoriesAsFewAsNeedBe() throws Exception {
    assertThat(prefixes(sign(100))).containsExactly("[**]");
    index = directory.resolve("index2");
    assertThat(prefixes(sign(6))).containsExactly("[*]", "[a/**]", "[c/**, d/**]");
    index = directory.resolve("index3");
    SplitModel three = sign(3);
    assertThat(prefixes(three)).containsExactly("[*]", "[a/*]", "[a/b/**]", "[c/**, d/**]");
    assertThat(three.signed().content().files()).isEqualTo(10);
    assertThat(failures()).isEmpty();
  }

  @Test
  void namesAndDigestsAreThoseOfTheWholeModel() throws Exception {
    sign(3);
    List<Object> whole = List.copyOf(ModelHasher.withDefaults().hash(model).manifest().resources());
    List<Object> parts = new ArrayList<>();
    for (VerificationOutcome outcome : examine()) {
      Statement statement = outcome.orElseThrow().statement();
      assertThat(statement.modelName().orElse("")).matches("data.split-part-0000[1-4]-of-00004");
      parts.addAll(statement.manifest().resources());
    }
    assertThat(parts).containsExactlyInAnyOrderElementsOf(whole);
  }

  @Test
  void aPartIsNeverTakenForTheWhole() throws Exception {
    sign(3);
    Path part = index.resolve("part-00002.sig");
    // All that the part does not list is removed, and its signature has the place of the index.
    delete("readme", "a-9", "a/b/4", "a/b/5", "a/b", "c/6", "c/7", "c", "d/e/f/8", "d/e/f", "d/e");
    delete("d", ".git/HEAD", ".git");
    for (ModelVerifier verifier :
        List.of(
            ModelVerifier.using(trust),
            ModelVerifier.builder(trust).strict(true).build(),
            ModelVerifier.builder(trust).ignoreUnsignedFiles(true).build(),
            ModelVerifier.using(trust).forPart(new PartName("data", 2, 3)),
            ModelVerifier.using(trust).forPart(new PartName("other", 2, 4)))) {
      assertThatThrownBy(() -> verifier.verify(model, part))
          .isInstanceOfSatisfying(
              VerificationException.class,
              refused -> assertThat(refused.reason()).isEqualTo(Reason.PART_OF_MODEL));
    }
    assertThat(
            ModelVerifier.using(trust)
                .forPart(new PartName("data", 2, 4))
                .verify(model, part)
                .files())
        .isEqualTo(3);
    assertThat(failures()).contains("missing c/6");
    ModelVerifier.using(trust).verify(index, index.resolve("index.sig"));
  }

  private void delete(String... names) throws IOException {
    for (String name : names) {
      Files.delete(model.resolve(name));
    }
  }

  /** Changes the model when the outcome of a part is there. */
  private void changingAfter(int number, Change change) throws Exception {
    SplitVerifier verifier = SplitVerifier.open(index, trust);
    List<VerificationOutcome> outcomes = new ArrayList<>();
    verifier.examine(
        DirectorySource.of(model),
        ModelVerifier.using(trust),
        (part, outcome) -> {
          outcomes.add(outcome);
          if (outcomes.size() == number) {
            change.make();
          }
        });
    for (VerificationOutcome outcome : outcomes) {
      outcome.orElseThrow();
    }
  }

  /** What somebody does to the model while others read it. */
  private interface Change {
    void make();
  }

  private void write(String name, String content) {
    try {
      Files.createDirectories(model.resolve(name).getParent());
      Files.writeString(model.resolve(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aModelThatNeverWasAsAWholeWhatWasSignedIsRefused() throws Exception {
    sign(3);
    for (int part : List.of(1, 2, 4)) {
      assertThatThrownBy(() -> changingAfter(part, () -> write("readme", "evil " + part)))
          .as("after part " + part)
          .hasMessageContaining("while its parts were verified");
      write("readme", "readme");
    }
    assertThatThrownBy(() -> changingAfter(4, () -> write("z/evil", "below no prefix")))
        .hasMessageContaining("while its parts were verified");
    delete("z/evil", "z");
    changingAfter(4, () -> write(".git/index", "which is left out"));
  }

  @Test
  void whatSomebodyElsePutsBesideThePartsIsNotSigned() throws Exception {
    sign(3);
    byte[] old = Files.readAllBytes(index.resolve("part-00001.sig"));
    write("readme", "a newer one");
    index = directory.resolve("newer");
    for (String name : List.of("part-00001.sig", "another.sig")) {
      assertThatThrownBy(() ->
              SplitSigner.using(signer, ModelHasher.withDefaults(), 3)
                  .sign(
                      DirectorySource.of(model),
                      index,
                      manifest -> {
                        put(name, old);
                        return List.of();
                      }))
          .hasMessageContaining("somebody else has changed files");
      assertThat(index).doesNotExist();
    }
  }

  private void put(String name, byte[] content) {
    try (Stream<Path> files = Files.list(directory)) {
      Path work =
          files
              .filter(file -> file.getFileName().toString().startsWith(".model-signing"))
              .findFirst()
              .orElseThrow();
      Files.write(work.resolve(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void whatIsNotCoveredIsSaidOfAllParts() throws Exception {
    write("c/cache/x", "ignored");
    ModelHasher hasher =
        ModelHasher.builder().reading(Reading.withDefaults().ignorePath("c/cache")).build();
    Finding found = Finding.of(Rules.SIGNED_IN_PARTS, "by the one who looks");
    SplitModel signed =
        SplitSigner.using(signer, hasher, 3)
            .sign(DirectorySource.of(model), index, manifest -> List.of(found));
    assertThat(signed.signed().content().uncovered())
        .extracting(UncoveredEntry::name)
        .containsExactlyInAnyOrder(".git", "c/cache");
    assertThat(signed.signed().content().findings()).containsExactly(found);
    assertThat(signed.signed().content().bytes()).isEqualTo(41);
  }

  @Test
  void aNameThatCannotBeThatOfAPartIsRefusedAtOnce() throws Exception {
    Path odd = directory.resolve("da\nta");
    Files.move(model, odd);
    model = odd;
    assertThatThrownBy(() -> sign(3))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("control characters")
        .hasMessageContaining("--name");
  }

  @Test
  void aFileBelowAFileIsRefused() {
    ModelSource source = new ObjectStore().put("n/a", "1", "n/a/b", "2", "n/c", "3");
    assertThatThrownBy(
            () -> SplitSigner.using(signer, ModelHasher.withDefaults(), 2).sign(source, index))
        .hasMessageContaining("'n/a' is a file, and there are files below it");
  }

  @Test
  void whatIsChangedMissingOrOutsideOfAllPrefixesFails() throws Exception {
    sign(3);
    Files.writeString(model.resolve("a/1"), "?");
    Files.delete(model.resolve("c/6"));
    Files.writeString(model.resolve("a/b/new"), "in a prefix");
    Files.createDirectories(model.resolve("z"));
    Files.writeString(model.resolve("z/new"), "in none");
    Files.createSymbolicLink(model.resolve("z/link"), Path.of("new"));
    assertThat(failures())
        .containsExactlyInAnyOrder(
            "changed a/1", "missing c/6", "extra a/b/new", "extra z/new", "extra z/link");
  }

  /** What an attacker can do to the directory of an index. */
  enum Tampering {
    PART_REMOVED,
    PART_ADDED,
    PARTS_SWAPPED,
    PART_OF_BEFORE,
    INDEX_CHANGED,
    INDEX_REMOVED,
    SIGNATURE_REMOVED
  }

  @ParameterizedTest
  @EnumSource
  void anIndexThatIsNotWhatWasSignedIsRefused(Tampering tampering) throws Exception {
    sign(3);
    Path before = directory.resolve("before");
    Files.move(index, before);
    Files.writeString(model.resolve("a/1"), "a newer one");
    sign(3);
    Path first = index.resolve("part-00001.sig");
    Path second = index.resolve("part-00002.sig");
    switch (tampering) {
      case PART_REMOVED -> Files.delete(second);
      case PART_ADDED -> Files.copy(second, index.resolve("part-00099.sig"));
      case PARTS_SWAPPED -> {
        byte[] content = Files.readAllBytes(first);
        Files.copy(second, first, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        Files.write(second, content);
      }
      case PART_OF_BEFORE ->
          Files.copy(
              before.resolve("part-00002.sig"),
              second,
              java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      case INDEX_CHANGED -> {
        Path file = index.resolve("index.json");
        Files.writeString(file, Files.readString(file).replace("\"c/\"", "\"cc/\""));
      }
      case INDEX_REMOVED -> Files.delete(index.resolve("index.json"));
      case SIGNATURE_REMOVED -> Files.delete(index.resolve("index.sig"));
    }
    assertThatThrownBy(() -> SplitVerifier.open(index, trust))
        .isInstanceOfAny(VerificationException.class, IOException.class)
        .hasMessageContaining(named(tampering));
  }

  private static String named(Tampering tampering) {
    return switch (tampering) {
      case PART_REMOVED -> "'part-00002.sig' is missing";
      case PART_ADDED -> "'part-00099.sig' was added";
      case PARTS_SWAPPED -> "'part-00001.sig' was changed, and 1 more";
      case PART_OF_BEFORE -> "'part-00002.sig' was changed";
      case INDEX_CHANGED -> "'index.json' was changed";
      case INDEX_REMOVED -> "'index.json' is missing";
      case SIGNATURE_REMOVED -> "index.sig";
    };
  }

  /** Signs an index that is wrong by itself, as no program of ours does. */
  private void forge(SplitIndex forged) throws Exception {
    Files.write(index.resolve("index.json"), forged.toJson());
    Files.delete(index.resolve("index.sig"));
    ModelSigner.using(signer)
        .withHasher(ModelHasher.builder().name("data" + SplitIndex.SUFFIX).build())
        .sign(DirectorySource.of(index), index.resolve("index.sig"));
  }

  private static Part part(int number, Prefix... prefixes) {
    return new Part(SplitIndex.signature(number - 1), List.of(prefixes));
  }

  @Test
  void prefixesThatOverlapAreRefused() throws Exception {
    sign(6);
    List<List<Part>> overlapping =
        List.of(
            List.of(
                part(1, new Prefix("", true)),
                part(2, new Prefix("a/", true)),
                part(3, new Prefix("c/", true))),
            List.of(
                part(1, new Prefix("", false)),
                part(2, new Prefix("a/", true)),
                part(3, new Prefix("a/", true))),
            List.of(
                part(1, new Prefix("", false)),
                part(2, new Prefix("a/", true)),
                part(3, new Prefix("a/b/", false))),
            List.of(
                part(1, new Prefix("", false)),
                part(2, new Prefix("a/", true), new Prefix("a/", false)),
                part(3, new Prefix("c/", true))));
    for (List<Part> parts : overlapping) {
      forge(new SplitIndex("data", parts));
      assertThatThrownBy(() -> SplitVerifier.open(index, trust))
          .isInstanceOf(MalformedBundleException.class)
          .hasMessageContaining("belong to two prefixes");
    }
  }

  @Test
  void anIndexThatLeavesOutAPartOrNamesOneTwiceIsRefused() throws Exception {
    SplitModel signed = sign(6);
    List<Part> parts = signed.index().parts();
    forge(new SplitIndex("data", parts.subList(0, 2)));
    assertThatThrownBy(() -> SplitVerifier.open(index, trust))
        .hasMessageContaining("which is the signature of no part");
    forge(new SplitIndex("data", List.of(parts.get(0), part(1, new Prefix("q/", true)))));
    assertThatThrownBy(() -> SplitVerifier.open(index, trust))
        .hasMessageContaining("is the signature of two parts");
    Files.delete(index.resolve("part-00003.sig"));
    forge(signed.index());
    assertThatThrownBy(() -> SplitVerifier.open(index, trust))
        .hasMessageContaining("which is not signed in it");
  }

  @Test
  void aPartThatSignsMoreThanItsPrefixesIsRefused() throws Exception {
    SplitModel signed = sign(6);
    List<Part> parts = signed.index().parts();
    // The files of a/ in a part to which the index gives only a/b/, and others nobody looks at.
    forge(
        new SplitIndex(
            "data", List.of(parts.get(0), part(2, new Prefix("a/b/", true)), parts.get(2))));
    assertThatThrownBy(this::examine)
        .isInstanceOf(MalformedBundleException.class)
        .hasMessageContaining("lies outside of the prefixes");
  }

  @Test
  void aDirectoryThatWasNotSignedAsAnIndexIsNone() throws Exception {
    sign(6);
    Files.delete(index.resolve("index.sig"));
    ModelSigner.using(signer).sign(index, index.resolve("index.sig"));
    assertThatThrownBy(() -> SplitVerifier.open(index, trust))
        .isInstanceOf(MalformedBundleException.class)
        .hasMessageContaining("and not as 'data.split-index'");
  }

  @Test
  void aPartOfAnotherModelIsRefused() throws Exception {
    SplitModel signed = sign(6);
    Path other = directory.resolve("other");
    Files.move(model, other);
    model = other;
    Path mine = index;
    index = directory.resolve("other.index");
    sign(6);
    Files.copy(
        index.resolve("part-00002.sig"),
        mine.resolve("part-00002.sig"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    index = mine;
    forge(signed.index());
    List<VerificationOutcome> outcomes = examine();
    assertThatThrownBy(outcomes.get(1)::orElseThrow)
        .hasMessageContaining("is of 'other.split-part-00002-of-00003'");
  }

  @Test
  void anotherSignerIsNotTrusted() throws Exception {
    sign(6);
    Path key = directory.resolve("other.pem");
    Path publicKey = directory.resolve("other.pub");
    KeyPairFiles.generate(EcdsaScheme.P256, key, publicKey);
    assertThatThrownBy(() -> SplitVerifier.open(index, KeyVerifier.load(publicKey)))
        .isInstanceOf(VerificationException.class);
  }

  @Test
  void aDirectoryWithTooManyFilesIsRefused() {
    assertThatThrownBy(() -> sign(2))
        .hasMessageContaining("3 files or shards lie directly in 'a/'")
        .hasMessageContaining("divide them among subdirectories");
    assertThat(index).doesNotExist();
    assertThat(leftovers()).isEmpty();
  }

  private List<String> leftovers() {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith(".model-signing"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aModelThatChangesWhileItsPartsAreSignedIsRefused() {
    HashProgress changing =
        new HashProgress() {
          @Override
          public void started(long files, long bytes) {}

          @Override
          public void hashed(long bytes) {}

          @Override
          public void ended() {
            try {
              Files.writeString(model.resolve("readme"), "changed after its part was signed");
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        };
    ModelHasher hasher =
        ModelHasher.builder().reading(Reading.withDefaults().progress(changing)).build();
    assertThatThrownBy(
            () -> SplitSigner.using(signer, hasher, 6).sign(DirectorySource.of(model), index))
        .hasMessageContaining("while its parts were signed");
    assertThat(index).doesNotExist();
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void nothingIsReplacedAndTheModelIsNotWrittenTo() throws Exception {
    Files.createDirectory(index);
    assertThatThrownBy(() -> sign(6)).hasMessageContaining("exists");
    index = model.resolve("a/index");
    assertThatThrownBy(() -> sign(6)).hasMessageContaining("lies in the model");
    index = directory.resolve("none/index");
    assertThatThrownBy(() -> sign(6)).hasMessageContaining("does not exist");
  }

  @Test
  void shardsCountAndEmptyFilesDoNot() throws Exception {
    Files.writeString(model.resolve("d/empty"), "");
    Files.writeString(model.resolve("c/6"), "twelve bytes");
    SplitModel signed =
        SplitSigner.using(signer, ModelHasher.builder().shardSize(4).build(), 6)
            .sign(DirectorySource.of(model), index);
    assertThat(prefixes(signed)).containsExactly("[*, a/*]", "[a/b/**]", "[c/**, d/**]");
    assertThat(failures()).isEmpty();
  }

  @Test
  void whatIsLeftOutHasNoPart() throws Exception {
    ModelHasher hasher =
        ModelHasher.builder().reading(Reading.withDefaults().ignorePath("a")).build();
    SplitModel signed = SplitSigner.using(signer, hasher, 3).sign(DirectorySource.of(model), index);
    assertThat(prefixes(signed)).containsExactly("[*]", "[c/**, d/**]");
    assertThat(failures()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "/", "a//", "../", "a/../b/", "./", "/a/"})
  void prefixesAreCanonical(String prefix) {
    assertThatThrownBy(() -> new Prefix(prefix, true)).isInstanceOf(IllegalArgumentException.class);
    String json =
        new String(
                new SplitIndex("m", List.of(part(1, new Prefix("PLACE/", true)))).toJson(),
                StandardCharsets.UTF_8)
            .replace("PLACE/", prefix);
    assertThatThrownBy(() -> SplitIndex.read(json.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(MalformedJsonException.class);
  }
}
