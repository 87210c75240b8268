package dev.modelsigning.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.modelsigning.local.DirectorySource;
import dev.modelsigning.local.ModelPath;
import dev.modelsigning.manifest.ManifestVerification.Policy;
import dev.modelsigning.manifest.ManifestVerification.Result;
import dev.modelsigning.model.EntryKind;
import dev.modelsigning.model.UncoveredEntry;
import dev.modelsigning.model.UncoveredEntry.Reason;
import dev.modelsigning.testing.Models;
import dev.modelsigning.testing.TimedProcess;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestVerificationTest {

  @TempDir Path directory;

  private Path model;
  private Manifest manifest;

  @BeforeEach
  void hashAModel() throws IOException {
    model = Models.write(directory.resolve("model"), "a", "alpha", "b/c", "gamma", "b/d", "delta");
    manifest = ModelHasher.withDefaults().hash(model).manifest();
  }

  private static Policy policy(boolean ignoreUnsigned, boolean strict, String... ignored) {
    Reading reading = Reading.withDefaults().parallelism(2);
    for (String path : ignored) {
      reading = reading.ignorePath(path);
    }
    return new Policy(reading, ignoreUnsigned, strict, false, Optional.empty(), Set.of(), Set.of());
  }

  private Result verify() throws IOException {
    return verify(Policy.withDefaults());
  }

  private Result verify(Policy policy) throws IOException {
    return ManifestVerification.verify(DirectorySource.of(model), null, manifest, policy);
  }

  /** What is not signed: names and kinds. */
  private static List<String> entries(ManifestDiff diff) {
    return diff.extra().stream().map(each -> each.name() + " " + each.kind().name()).toList();
  }

  /** It was a file when the signature was read, and all below it is unsigned. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void takesNoDirectoryForTheSignatureFile(boolean strict) throws IOException {
    Path signature = model.resolve("model.sig");
    Files.createDirectory(signature);
    Files.writeString(signature.resolve("code.py"), "x");

    Result result =
        ManifestVerification.verify(
            DirectorySource.of(model), signature, manifest, policy(false, strict));

    assertThat(entries(result.diff())).containsExactly("model.sig DIRECTORY");
    assertThat(result.uncovered()).isEmpty();
  }

  @Test
  void findsNoDifferenceInTheModelThatWasHashed() throws IOException {
    Result result = verify();
    assertThat(result.diff().isEmpty()).isTrue();
    assertThat(result.files()).isEqualTo(3);
    assertThat(result.bytes()).isEqualTo(15);
    assertThat(result.uncovered()).isEmpty();
  }

  @Test
  void reportsEveryDifferenceAtOnceInOrder() throws IOException {
    Models.write(model, "a", "ALPHA", "b/d", "longer than before", "z", "new", "b/y", "new");
    Files.delete(model.resolve("b/c"));
    ManifestDiff diff = verify().diff();
    assertThat(diff.changed()).extracting(ManifestDiff.Changed::name).containsExactly("a", "b/d");
    assertThat(diff.changed().get(0).expected()).startsWith("sha256:8ed3f6ad685b959e");
    assertThat(diff.missing()).containsExactly("b/c");
    assertThat(entries(diff)).containsExactly("b/y FILE", "z FILE");
  }

  @Test
  void tellsWhenFilesThatDifferWereWritten() throws IOException {
    Instant time = Instant.parse("2026-01-02T03:04:05Z");
    Models.write(model, "a", "ALPHA", "z", "new");
    Files.setLastModifiedTime(model.resolve("a"), FileTime.from(time));
    Files.setLastModifiedTime(model.resolve("z"), FileTime.from(time.plusSeconds(1)));
    ManifestDiff diff = verify().diff();
    assertThat(diff.changed().get(0).modified()).contains(time);
    assertThat(diff.changed().get(0).file()).isEqualTo("a");
    assertThat(diff.extra().get(0).modified()).contains(time.plusSeconds(1));
  }

  @Test
  void keepsTheSizesOfFilesWhereThatIsAskedFor() throws IOException {
    assertThat(verify().sizes()).isEmpty();
    Files.delete(model.resolve("b/c"));
    Map<String, OptionalLong> sizes = new LinkedHashMap<>();
    verify(
            new Policy(
                Reading.withDefaults(), false, false, true, Optional.empty(), Set.of(), Set.of()))
        .sizes()
        .orElseThrow()
        .forEach(sizes::put);
    assertThat(sizes)
        .containsEntry("a", OptionalLong.of(5))
        .containsEntry("b/c", OptionalLong.empty())
        .hasSize(3);
  }

  @Test
  void takesARenamedFileForAMissingAndAnUnsignedOne() throws IOException {
    Files.move(model.resolve("a"), model.resolve("A"));
    ManifestDiff diff = verify().diff();
    assertThat(diff.missing()).containsExactly("a");
    assertThat(entries(diff)).containsExactly("A FILE");
  }

  @Test
  void takesADirectoryInPlaceOfAFileForAMissingFile() throws IOException {
    Files.delete(model.resolve("a"));
    Models.write(model, "a/x", "new");
    ManifestDiff diff = verify().diff();
    assertThat(diff.missing()).containsExactly("a");
    assertThat(entries(diff)).containsExactly("a/x FILE");
  }

  @Test
  void takesEveryUnsignedEntryForADifference() throws Exception {
    Files.createSymbolicLink(model.resolve("file-link"), Path.of("a"));
    Files.createSymbolicLink(model.resolve("dir-link"), Path.of("b"));
    Files.createSymbolicLink(model.resolve("dangling"), Path.of("nowhere"));
    assumeTrue(
        TimedProcess.start(new ProcessBuilder("mkfifo", model.resolve("fifo").toString())).waitFor()
            == 0,
        "needs mkfifo");
    assertThat(entries(verify().diff()))
        .containsExactly(
            "dangling SYMBOLIC_LINK",
            "dir-link DIRECTORY_LINK",
            "fifo SPECIAL_FILE",
            "file-link SYMBOLIC_LINK");
    Result tolerant = verify(policy(true, false));
    assertThat(tolerant.diff().isEmpty()).isTrue();
    assertThat(tolerant.uncovered()).hasSize(4).allMatch(e -> e.reason() == Reason.UNSIGNED);
  }

  @Test
  void takesASpecialFileInPlaceOfAListedOneForAChange() throws Exception {
    Files.delete(model.resolve("a"));
    assumeTrue(
        TimedProcess.start(new ProcessBuilder("mkfifo", model.resolve("a").toString())).waitFor()
            == 0,
        "needs mkfifo");
    assertThat(verify(policy(true, false)).diff().changed())
        .containsExactly(
            new ManifestDiff.Changed("a", "a", "file", "special file", Optional.empty()));
  }

  @Test
  void lettingUnsignedFilesBeDoesNotExcuseChangedOrMissingOnes() throws IOException {
    Files.writeString(model.resolve("a"), "ALPHA");
    Files.delete(model.resolve("b/c"));
    ManifestDiff diff = verify(policy(true, false)).diff();
    assertThat(diff.changed()).hasSize(1);
    assertThat(diff.missing()).containsExactly("b/c");
  }

  @Test
  void saysByWhoseRuleSomethingIsNotCovered() throws IOException {
    Path ignoring = Models.write(directory.resolve("m2"), "a", "x", "cache/y", "z");
    manifest =
        ModelHasher.builder()
            .reading(Reading.withDefaults().ignorePath("cache"))
            .build()
            .hash(ignoring)
            .manifest();
    model = ignoring;
    Models.write(model, ".git/HEAD", "x", "mine/x", "x", "model.sig", "x");
    Result result =
        ManifestVerification.verify(
            DirectorySource.of(model),
            model.resolve("model.sig"),
            manifest,
            policy(false, false, "mine"));
    assertThat(result.diff().isEmpty()).isTrue();
    assertThat(result.uncovered())
        .containsExactly(
            new UncoveredEntry(".git", EntryKind.DIRECTORY, Reason.GIT_PATH),
            new UncoveredEntry("cache", EntryKind.DIRECTORY, Reason.IGNORED_BY_SIGNER),
            new UncoveredEntry("mine", EntryKind.DIRECTORY, Reason.IGNORED_BY_USER),
            new UncoveredEntry("model.sig", EntryKind.FILE, Reason.SIGNATURE_FILE));
  }

  @Test
  void refusesAnUnsignedFileUnderAnIgnoredDirectoryInStrictMode() throws IOException {
    Path ignoring = Models.write(directory.resolve("m2"), "a", "x", "cache/y", "z");
    manifest =
        ModelHasher.builder()
            .reading(Reading.withDefaults().ignorePath("cache"))
            .build()
            .hash(ignoring)
            .manifest();
    model = ignoring;
    Models.write(model, ".git/HEAD", "x", "model.sig", "x");
    Result result =
        ManifestVerification.verify(
            DirectorySource.of(model), model.resolve("model.sig"), manifest, policy(false, true));
    assertThat(entries(result.diff())).containsExactly(".git/HEAD FILE", "cache/y FILE");
    assertThat(verify(policy(false, true, "cache", ".git", "model.sig")).diff().isEmpty()).isTrue();
  }

  @Test
  void excludesStrictnessAndToleranceFromEachOther() {
    assertThatThrownBy(() -> policy(true, true)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesAModelThatIsALinkUnlessTheSignerAllowedLinks() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("link"), model);
    assertThatThrownBy(() ->
            ManifestVerification.verify(
                DirectorySource.of(link), null, manifest, Policy.withDefaults()))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("link: is a symbolic link");
    Manifest allowing =
        ModelHasher.builder()
            .reading(Reading.withDefaults().allowSymlinks(true))
            .build()
            .hash(link)
            .manifest();
    assertThat(
            ManifestVerification.verify(
                    DirectorySource.of(link), null, allowing, Policy.withDefaults())
                .diff()
                .isEmpty())
        .isTrue();
  }

  @Test
  void failsIfTheModelDoesNotExist() {
    assertThatThrownBy(() ->
            ManifestVerification.verify(
                DirectorySource.of(directory.resolve("none")),
                null,
                manifest,
                Policy.withDefaults()))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(directory.resolve("none").toString());
  }

  @Test
  void namesTheChangedShardOnly() throws IOException {
    manifest = ModelHasher.builder().shardSize(2).build().hash(model).manifest();
    Files.writeString(model.resolve("a"), "alPha");
    assertThat(verify().diff().changed())
        .extracting(ManifestDiff.Changed::name)
        .containsExactly("a:2:4");
  }

  @Test
  void resolvesPathsInTheModelWhateverTheyLookLike() throws IOException {
    assertThat(ModelPath.within(model, model.resolve("b/../b/./c"))).contains("b/c");
    assertThat(ModelPath.within(model, model.resolve("not/there/x"))).contains("not/there/x");
    assertThat(ModelPath.within(model, model)).isEmpty();
    assertThat(ModelPath.within(model, model.resolve("../outside"))).isEmpty();
    Path link = Files.createSymbolicLink(directory.resolve("link"), model);
    assertThat(ModelPath.within(model, link.resolve("b/c"))).contains("b/c");
    assertThat(ModelPath.within(link, model.resolve("b/c"))).contains("b/c");
    Files.createSymbolicLink(model.resolve("inner"), Path.of("a"));
    assertThat(ModelPath.within(model, model.resolve("inner"))).contains("inner");
  }
}
