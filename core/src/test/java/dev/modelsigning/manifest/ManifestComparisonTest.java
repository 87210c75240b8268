package dev.modelsigning.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.manifest.ManifestComparison.FileChange;
import dev.modelsigning.manifest.ManifestComparison.FileEntry;
import dev.modelsigning.model.Digest;
import dev.modelsigning.model.HashAlgorithm;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestComparisonTest {

  private static final Serialization FILES =
      new Serialization.Files(HashAlgorithm.SHA256, false, List.of());

  private static final Serialization SHARDS =
      new Serialization.Shards(HashAlgorithm.SHA256, 10, false, List.of());

  /** Names and contents in turn; equal contents have equal digests. */
  private static Manifest manifest(Serialization serialization, String... namesAndContents) {
    List<ResourceDescriptor> resources = new ArrayList<>();
    for (int i = 0; i < namesAndContents.length; i += 2) {
      resources.add(new ResourceDescriptor(namesAndContents[i], digest(namesAndContents[i + 1])));
    }
    return new Manifest(serialization, resources);
  }

  private static Digest digest(String content) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    return Digest.of(HashAlgorithm.SHA256, Arrays.copyOf(bytes, 32));
  }

  private static List<String> names(List<FileEntry> files) {
    return files.stream().map(FileEntry::name).toList();
  }

  private static List<String> changes(List<FileChange> files) {
    return files.stream().map(one -> one.before().name() + ">" + one.after().name()).toList();
  }

  private static ManifestComparison compare(Manifest before, Manifest after) {
    return ManifestComparison.of(before, after);
  }

  @Test
  void saysThatAManifestIsTheSameAsItself() {
    Manifest manifest = manifest(FILES, "a", "1", "b", "2");

    ManifestComparison comparison = compare(manifest, manifest);

    assertThat(comparison.isSame()).isTrue();
    assertThat(comparison.unchanged()).isEqualTo(2);
  }

  @Test
  void doesNotMindTheOrderInWhichFilesAreListed() {
    assertThat(compare(manifest(FILES, "b", "2", "a", "1"), manifest(FILES, "a", "1", "b", "2")))
        .matches(ManifestComparison::isSame);
  }

  @Test
  void tellsWhatBecameOfEachFile() {
    ManifestComparison comparison =
        compare(
            manifest(FILES, "changed", "1", "gone", "2", "kept", "3", "old", "4"),
            manifest(FILES, "changed", "x", "come", "y", "kept", "3", "new", "4"));

    assertThat(comparison.isSame()).isFalse();
    assertThat(names(comparison.added())).containsExactly("come");
    assertThat(names(comparison.removed())).containsExactly("gone");
    assertThat(comparison.changed())
        .containsExactly(
            new FileChange(
                new FileEntry("changed", Optional.of(digest("1")), OptionalLong.empty()),
                new FileEntry("changed", Optional.of(digest("x")), OptionalLong.empty())));
    assertThat(changes(comparison.moved())).containsExactly("old>new");
    assertThat(comparison.unchanged()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"added", "removed", "changed", "moved"})
  void callsNothingTheSameThatHasOneDifference(String what) {
    Manifest after =
        switch (what) {
          case "added" -> manifest(FILES, "a", "1", "b", "2");
          case "removed" -> manifest(FILES, "c", "3");
          case "changed" -> manifest(FILES, "a", "2", "c", "3");
          default -> manifest(FILES, "b", "1", "c", "3");
        };
    Manifest before =
        what.equals("added") ? manifest(FILES, "a", "1") : manifest(FILES, "a", "1", "c", "3");

    assertThat(compare(before, after).isSame()).isFalse();
    assertThat(compare(after, before).isSame()).isFalse();
  }

  @Test
  void movesTheFirstNameToTheFirstNameOfSeveralWithTheSameContent() {
    ManifestComparison comparison =
        compare(
            manifest(FILES, "old/3", "x", "old/1", "x", "old/2", "x"),
            manifest(FILES, "new/2", "x", "new/1", "x"));

    assertThat(changes(comparison.moved())).containsExactly("old/1>new/1", "old/2>new/2");
    assertThat(names(comparison.removed())).containsExactly("old/3");
    assertThat(comparison.added()).isEmpty();
  }

  @Test
  void movesNoFileToTwoNames() {
    ManifestComparison comparison =
        compare(manifest(FILES, "a", "x"), manifest(FILES, "b", "x", "c", "x"));

    assertThat(changes(comparison.moved())).containsExactly("a>b");
    assertThat(names(comparison.added())).containsExactly("c");
  }

  @Test
  void callsACopyAddedAndNotMoved() {
    ManifestComparison comparison =
        compare(manifest(FILES, "a", "x"), manifest(FILES, "a", "x", "b", "x"));

    assertThat(comparison.moved()).isEmpty();
    assertThat(names(comparison.added())).containsExactly("b");
  }

  @Test
  void showsTwoFilesThatChangedPlacesAsChanged() {
    ManifestComparison comparison =
        compare(manifest(FILES, "a", "1", "b", "2"), manifest(FILES, "a", "2", "b", "1"));

    assertThat(changes(comparison.changed())).containsExactly("a>a", "b>b");
    assertThat(comparison.moved()).isEmpty();
  }

  @Test
  void reportsFilesAndNotShards() {
    ManifestComparison comparison =
        compare(
            manifest(SHARDS, "big:0:10", "1", "big:10:15", "2", "same:0:3", "s", "x:0:4", "x"),
            manifest(SHARDS, "big:0:10", "1", "big:10:17", "2", "same:0:3", "s", "y:0:4", "x"));

    assertThat(comparison.changed())
        .containsExactly(
            new FileChange(
                new FileEntry("big", Optional.empty(), OptionalLong.of(15)),
                new FileEntry("big", Optional.empty(), OptionalLong.of(17))));
    assertThat(changes(comparison.moved())).containsExactly("x>y");
    assertThat(comparison.unchanged()).isEqualTo(1);
    assertThat(comparison.moved().get(0).after())
        .isEqualTo(new FileEntry("y", Optional.of(digest("x")), OptionalLong.of(4)));
  }

  @Test
  void takesAFileForChangedOfWhichOneOfManyShardsIsAnother() {
    assertThat(
            changes(
                compare(
                        manifest(SHARDS, "f:0:10", "1", "f:10:20", "2", "f:20:30", "3"),
                        manifest(SHARDS, "f:0:10", "1", "f:10:20", "2", "f:20:30", "4"))
                    .changed()))
        .containsExactly("f>f");
  }

  @Test
  void takesTheNameOfOlderSignersForAModelOfOneFileForAnyName() {
    assertThat(compare(manifest(FILES, ".", "x"), manifest(FILES, "a/model.bin", "x")).isSame())
        .isFalse();
    assertThat(compare(manifest(FILES, ".", "x"), manifest(FILES, "model.bin", "x")).isSame())
        .isTrue();
    assertThat(
            changes(
                compare(manifest(FILES, "model.bin", "x"), manifest(FILES, ".", "y")).changed()))
        .containsExactly("model.bin>.");
    assertThat(compare(manifest(FILES, "a", "x"), manifest(FILES, "b", "x")).isSame()).isFalse();
  }

  @Test
  void doesNotCompareDigestsOfDifferentKinds() {
    Manifest files = manifest(FILES, "a", "x");
    Manifest shards = manifest(SHARDS, "a:0:1", "x");

    assertThatThrownBy(() -> compare(files, shards))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("digests of whole files cannot be compared with digests of shards of 10 bytes");
    assertThat(
            ManifestComparison.obstacle(
                FILES, new Serialization.Files(HashAlgorithm.BLAKE3, false, List.of())))
        .contains("digests by sha256 cannot be compared with digests by blake3");
    assertThat(
            ManifestComparison.obstacle(
                SHARDS, new Serialization.Shards(HashAlgorithm.SHA256, 11, false, List.of())))
        .contains(
            "digests of shards of 10 bytes cannot be compared with digests of shards of 11 bytes");
    assertThat(
            ManifestComparison.obstacle(
                FILES, new Serialization.Files(HashAlgorithm.SHA256, true, List.of("a"))))
        .isEmpty();
  }

  /** Against an account that is kept with maps. */
  @Test
  void agreesWithMapsOnRandomManifests() {
    Random random = new Random(7);
    for (int run = 0; run < 300; run++) {
      Map<String, String> before = randomFiles(random);
      Map<String, String> after = randomFiles(random);

      ManifestComparison comparison = compare(shuffled(before, random), shuffled(after, random));

      Set<String> gone = new HashSet<>(before.keySet());
      gone.removeAll(after.keySet());
      Set<String> come = new HashSet<>(after.keySet());
      come.removeAll(before.keySet());
      Map<String, Integer> contents = new HashMap<>();
      gone.forEach(name -> contents.merge(before.get(name), 1, Integer::sum));
      int moves = 0;
      for (String name : come) {
        if (contents.merge(after.get(name), -1, Integer::sum) >= 0) {
          moves++;
        }
      }
      long same =
          before.entrySet().stream()
              .filter(file -> file.getValue().equals(after.get(file.getKey())))
              .count();
      assertThat(comparison.moved()).hasSize(moves);
      assertThat(comparison.removed()).hasSize(gone.size() - moves);
      assertThat(comparison.added()).hasSize(come.size() - moves);
      assertThat(comparison.unchanged()).isEqualTo((int) same);
      assertThat(comparison.changed())
          .hasSize(before.size() - gone.size() - comparison.unchanged());
      comparison
          .moved()
          .forEach(one ->
              assertThat(before.get(one.before().name())).isEqualTo(after.get(one.after().name())));
    }
  }

  private static Map<String, String> randomFiles(Random random) {
    Map<String, String> files = new TreeMap<>();
    files.put("always", "0");
    for (int i = random.nextInt(20); i > 0; i--) {
      files.put("f" + random.nextInt(15), "" + random.nextInt(6));
    }
    return files;
  }

  private static Manifest shuffled(Map<String, String> files, Random random) {
    List<String> names = new ArrayList<>(files.keySet());
    Collections.shuffle(names, random);
    return manifest(
        FILES,
        names.stream()
            .flatMap(name -> List.of(name, files.get(name)).stream())
            .toArray(String[]::new));
  }

  @Test
  void comparesAMillionFilesThatAllMoved() {
    int count = 1_000_000;

    ManifestComparison comparison = compare(many(count, "old/"), many(count, "new/"));

    assertThat(comparison.moved()).hasSize(count);
    assertThat(comparison.added()).isEmpty();
    assertThat(comparison.moved().get(count - 1).before().name()).isEqualTo("old/999999");
  }

  private static Manifest many(int count, String directory) {
    ManifestBuilder builder = new ManifestBuilder();
    byte[] digest = new byte[32];
    for (int i = 0; i < count; i++) {
      ByteBuffer.wrap(digest).putInt(i * 0x9e3779b1);
      builder.add((directory + i).getBytes(StandardCharsets.UTF_8), digest);
    }
    return builder.buildSorted(FILES);
  }
}
