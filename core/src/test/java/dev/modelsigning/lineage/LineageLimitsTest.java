package dev.modelsigning.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.attestation.ClaimSource;
import dev.modelsigning.inspection.KeylessClaims;
import dev.modelsigning.testing.Forge;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What strangers write into claims costs no more than a lineage that a person can read. */
@Timeout(60)
class LineageLimitsTest {

  private static final int LARGEST_TREE = 10_000;

  @TempDir private Path directory;

  private final Forge forge = new Forge();

  private Path file() {
    return directory.resolve("claims.jsonl");
  }

  private static String digest(int level, int number) {
    return String.format("%032x%032x", level, number);
  }

  /** A number of JSON values. */
  private static String list(int count, IntFunction<String> each) {
    return IntStream.range(0, count).mapToObj(each).collect(Collectors.joining(","));
  }

  private static String subject(int level, int number) {
    return "{\"name\":\"m\",\"digest\":{\"sha256\":\"" + digest(level, number) + "\"}}";
  }

  private static String dataset(String name, String digest) {
    return "{\"name\":\""
        + name
        + "\",\"digest\":{"
        + digest
        + "},\"annotations\":{\"dev.modelsigning/role\":\"dataset\"}}";
  }

  private static String dataset(int level, int number) {
    return dataset("d" + number, "\"sha256\":\"" + digest(level, number) + "\"");
  }

  /** Adds a claim by anybody: what these models were made from. */
  private void claim(Path file, String subjects, String dependencies) throws IOException {
    Files.writeString(
        file,
        forge.bundleJson(
                "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":["
                    + subjects
                    + "],\"predicateType\":\"https://slsa.dev/provenance/v1\",\"predicate\":"
                    + "{\"buildDefinition\":{\"resolvedDependencies\":["
                    + dependencies
                    + "]}}}")
            + "\n",
        StandardCharsets.UTF_8,
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private ClaimsInspection inspection() throws IOException {
    return ClaimsInspection.read(file(), KeylessClaims.Reader.NONE);
  }

  private static List<String> drawn(ClaimsInspection inspection) {
    List<String> lines = new ArrayList<>();
    inspection.writeLineage(Integer.MAX_VALUE, lines::add);
    return lines;
  }

  /** Three levels of a hundred datasets each would be a million. */
  @Test
  void drawsTenThousandAncestors() throws Exception {
    claim(file(), subject(0, 0), list(100, i -> dataset(1, i)));
    claim(file(), list(100, i -> subject(1, i)), list(100, i -> dataset(2, i)));
    claim(file(), list(100, i -> subject(2, i)), list(100, i -> dataset(3, i)));

    List<String> lines = drawn(inspection());

    assertThat(lines.stream().filter(line -> line.contains(" sha256:"))).hasSize(LARGEST_TREE);
    assertThat(lines).last().asString().contains("more that is not shown");
    List<String> few = new ArrayList<>();
    inspection().writeLineage(5, few::add);
    assertThat(few).hasSize(6).last().asString().contains("more; --all shows them");
  }

  /** Many models at the top are as many nodes as many below one. */
  @Test
  void drawsTenThousandModels() throws Exception {
    for (int i = 0; i < 101; i++) {
      int level = i;
      claim(file(), list(100, number -> subject(level, number)), "");
    }

    assertThat(drawn(inspection())).hasSize(LARGEST_TREE);
  }

  /**
   * What claims name is collected once for each model, not once for each place in the tree: here,
   * of 200,000 names each, for thirty models, at nine thousand places.
   */
  @Test
  void readsTheClaimsAboutAModelOnceHoweverOftenItIsDrawn() throws Exception {
    claim(file(), subject(0, 0), list(10, i -> dataset(1, i)));
    claim(file(), list(10, i -> subject(1, i)), list(30, i -> dataset(2, i)));
    claim(file(), list(30, i -> subject(2, i)), list(30, i -> dataset(3, i)));
    String subjects = list(30, i -> subject(3, i));
    String names = list(1_000, i -> dataset("name " + i, ""));
    for (int i = 0; i < 200; i++) {
      claim(file(), subjects, names);
    }

    List<String> lines = drawn(inspection());

    assertThat(lines.stream().filter(line -> line.contains(", 200 claims"))).hasSize(9_000);
  }

  @Test
  void readsAThousandAncestorsOfAClaim() throws Exception {
    claim(file(), subject(0, 0), list(1_500, i -> dataset(1, i)));

    assertThat(drawn(inspection())).hasSize(1 + AncestorsJson.MAX_ANCESTORS);
  }

  @Test
  void shortensNames() throws Exception {
    claim(file(), subject(0, 0), dataset("n".repeat(100_000), ""));
    claim(file(), subject(0, 0).replace("\"m\"", '"' + "m".repeat(100_000) + '"'), dataset(1, 0));

    assertThat(drawn(inspection())).hasSize(3).allMatch(line -> line.length() < 250);
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    inspection().writeJson(true, json);
    assertThat(json.toString(StandardCharsets.US_ASCII))
        .contains('"' + "n".repeat(1_000) + '"')
        .doesNotContain("n".repeat(1_001));
  }

  private Path in(String name) throws IOException {
    return Files.createDirectory(directory.resolve(name)).resolve("claims.jsonl");
  }

  /** A claims file of this size, with nothing in it. */
  private void large(Path file, long size) throws IOException {
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(size);
    }
  }

  @Test
  void readsNoMoreThan64MiBOfFilesThatNobodyNamed() throws Exception {
    claim(file(), subject(0, 0), dataset(1, 0));
    claim(in("a"), subject(1, 0), dataset(2, 0));
    large(in("b"), 40L << 20);
    large(in("c"), 40L << 20);
    claim(in("d"), subject(2, 0), dataset(3, 0));

    ClaimsInspection all = inspection().withOthers(List.of(), KeylessClaims.Reader.NONE);

    assertThat(all.others())
        .extracting(
            one -> directory.relativize(Path.of(one.file())) + " " + one.problem().orElse("read"))
        .hasSize(3)
        .startsWith("a/claims.jsonl read")
        .endsWith("c/claims.jsonl files that nobody named are too large together");
    assertThat(drawn(all)).hasSize(3);

    // Whoever names a file wants it to be read.
    Path named = directory.resolve("d/claims.jsonl");
    assertThat(
            drawn(
                inspection().withOthers(List.of(ClaimSource.of(named)), KeylessClaims.Reader.NONE)))
        .hasSize(4);
  }

  @Test
  void readsNoMoreThanAThousandFilesThatNobodyNamed() throws Exception {
    claim(file(), subject(0, 0), dataset(1, 0));
    String claim = Files.readString(file());
    for (int i = 0; i < 1_050; i++) {
      Files.writeString(in("d" + i), claim);
    }

    // One of the thousand is the file itself.
    assertThat(inspection().withOthers(List.of(), KeylessClaims.Reader.NONE).others())
        .hasSize(999)
        .allMatch(one -> one.problem().isEmpty());
  }
}
