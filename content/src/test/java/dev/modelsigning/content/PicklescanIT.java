package dev.modelsigning.content;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.ModelVerifier;
import dev.modelsigning.content.internal.pickle.UsualImports;
import dev.modelsigning.facts.ContentFacts;
import dev.modelsigning.facts.RunnableContent;
import dev.modelsigning.key.KeyPairFiles;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.key.KeyVerifier;
import dev.modelsigning.signingkey.EcdsaScheme;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * What picklescan reports of files is reported by us, too. {@code integration/picklescan} makes the
 * files, of which nothing is loaded; then they are signed and verified as any model.
 */
@EnabledIf(
    value = "hasScanner",
    disabledReason =
        "no picklescan; run: integration/picklescan/install .cache/picklescan (Python 3.11)")
class PicklescanIT {

  private static final Path ROOT = Path.of(System.getProperty("modelsigning.root"));
  private static final long TIMEOUT_SECONDS = 120;

  /** What the script says of a file: see there. */
  private record Line(String file, String word, String module, String name) {
    static Line of(String line) {
      List<String> words = new ArrayList<>();
      for (String word : line.split("\t", -1)) {
        words.add(URLDecoder.decode(word, StandardCharsets.UTF_8));
      }
      return new Line(
          words.get(0),
          words.get(1),
          words.size() > 2 ? words.get(2) : "",
          words.size() > 3 ? words.get(3) : "");
    }

    String imported() {
      return module + "." + name;
    }

    /**
     * Whether picklescan did not find out what it is. It keeps no stack, so of opcodes as they come
     * it tells names that no loader imports, too.
     */
    boolean isGuess() {
      boolean isKnown = word.equals("loaded") || !file.startsWith("random/");
      return !isKnown || module.contains("unknown") || name.contains("unknown");
    }
  }

  @TempDir private static Path directory;

  private static List<Line> lines = List.of();
  private static Map<String, List<RunnableContent>> ours = Map.of();
  private static Map<String, List<String>> findings = Map.of();

  /** Whether to run: if it is installed, or required. */
  static boolean hasScanner() {
    return Files.isExecutable(scanner())
        || System.getenv("MODEL_SIGNING_PICKLESCAN") != null
        || "true".equals(System.getenv("MODEL_SIGNING_REQUIRE_PEERS"));
  }

  private static Path scanner() {
    String named = System.getenv("MODEL_SIGNING_PICKLESCAN");
    return named == null ? ROOT.resolve(".cache/picklescan/bin/picklescan") : Path.of(named);
  }

  @BeforeAll
  static void makeAndVerifyTheFiles() throws Exception {
    Path model = directory.resolve("model");
    lines = compare(model);
    Path signature = directory.resolve("model.sig");
    KeyPairFiles.generate(
        EcdsaScheme.P256, directory.resolve("key.pem"), directory.resolve("key.pub"));
    ModelSigner.using(KeySigner.load(directory.resolve("key.pem"))).sign(model, signature);
    ContentFacts facts =
        ModelVerifier.builder(KeyVerifier.load(directory.resolve("key.pub")))
            .inspector(ModelContents.INSTANCE)
            .build()
            .verify(model, signature)
            .contents()
            .orElseThrow();
    assertThat(facts.moreRunnable()).isZero();
    ours = facts.runnable().stream().collect(Collectors.groupingBy(RunnableContent::file));
    findings =
        facts.findings().stream()
            .collect(
                Collectors.groupingBy(
                    one -> one.file().orElseThrow(),
                    Collectors.mapping(one -> one.rule().code(), Collectors.toList())));
  }

  private static List<Line> compare(Path model) throws Exception {
    Path output = directory.resolve("found");
    Path errors = directory.resolve("errors");
    Process process =
        new ProcessBuilder(
                scanner().resolveSibling("python").toString(),
                ROOT.resolve("integration/picklescan/compare.py").toString(),
                model.toString())
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile())
            .start();
    process.getOutputStream().close();
    if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
    return Files.readAllLines(output).stream().map(Line::of).toList();
  }

  private static List<Line> lines(String word) {
    List<Line> some = lines.stream().filter(line -> line.word().equals(word)).toList();
    assertThat(some).as(word).isNotEmpty();
    return some;
  }

  /** What we say of a file that is unusual. */
  private static Set<String> unusual(String file) {
    return ours.getOrDefault(file, List.of()).stream()
        .filter(RunnableContent::unusual)
        .flatMap(one -> one.names().stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static boolean hasMore(String file) {
    return ours.getOrDefault(file, List.of()).stream().anyMatch(one -> one.more() > 0);
  }

  private static List<String> missed(List<Line> reported) {
    List<String> missed = new ArrayList<>();
    for (Line line : reported) {
      Set<String> names = unusual(line.file());
      boolean isThere = line.isGuess() ? !names.isEmpty() : names.contains(line.imported());
      if (!isThere) {
        missed.add(line.file() + ": " + line.imported() + ", but " + names);
      }
    }
    return missed;
  }

  @Test
  void makesFilesOfEveryKind() {
    assertThat(lines.stream().map(Line::file).distinct()).hasSizeGreaterThan(400);
    assertThat(lines("dangerous")).hasSizeGreaterThan(300);
  }

  @Test
  void reportsAllThatIsDangerous() {
    assertThat(missed(without(lines("dangerous")))).isEmpty();
  }

  /**
   * What picklescan calls suspicious is what it does not know; some of that is usual for us, and
   * some is what it takes for the names where several pickles are in a file.
   */
  @Test
  void reportsAllThatIsSuspicious() {
    List<Line> suspicious =
        unusualOf(lines("suspicious")).stream()
            .filter(line -> !hasMore(line.file()) && !line.file().startsWith("clean/"))
            .toList();
    assertThat(suspicious).hasSizeGreaterThan(40);
    assertThat(missed(without(suspicious))).isEmpty();
  }

  @Test
  void takesNothingDangerousForUsual() {
    assertThat(lines("dangerous"))
        .noneMatch(line -> UsualImports.isUsual(line.module(), line.name()));
  }

  @Test
  void findsAllThatWasPlanted() {
    assertThat(missed(lines("planted"))).isEmpty();
  }

  /** Opcodes as they come, and what loaders of Python import of them. */
  @Test
  void findsAllThatLoadersImport() {
    assertThat(missed(unusualOf(lines("loaded")))).isEmpty();
  }

  @Test
  void saysThatItCannotReadWhatPicklescanReads() {
    for (Line line : lines("closed")) {
      assertThat(findings.get(line.file())).as(line.file()).contains("CONTENT_NOT_SEARCHED");
    }
  }

  @Test
  void findsNothingUnusualInUsualFiles() {
    List<String> alarms = new ArrayList<>();
    for (Line line : lines("clean")) {
      List<RunnableContent> found = ours.getOrDefault(line.file(), List.of());
      if (found.stream().anyMatch(one -> one.unusual() || !one.names().isEmpty())) {
        alarms.add(line.file() + ": " + found);
      }
      if (findings.containsKey(line.file())) {
        alarms.add(line.file() + ": " + findings.get(line.file()));
      }
    }
    assertThat(alarms).isEmpty();
  }

  /** Printed, so that running this shows the current differences. */
  @Test
  void tellsWhatOnlyWeFind() {
    Set<String> theirs = new HashSet<>();
    for (Line line : lines) {
      if (line.word().equals("dangerous") || line.word().equals("suspicious")) {
        theirs.add(line.file() + ": " + line.imported());
      }
    }
    List<String> only =
        lines("planted").stream()
            .map(line -> line.file() + ": " + line.imported())
            .filter(each -> !theirs.contains(each))
            .toList();
    only.forEach(each -> System.out.println("only we find " + each));
    assertThat(only).isNotEmpty();
  }

  private static List<Line> unusualOf(List<Line> all) {
    return all.stream().filter(line -> !UsualImports.isUsual(line.module(), line.name())).toList();
  }

  /** Those of files that we cannot look into, and say so. */
  private static List<Line> without(List<Line> reported) {
    Set<String> closed = lines("closed").stream().map(Line::file).collect(Collectors.toSet());
    return reported.stream().filter(line -> !closed.contains(line.file())).toList();
  }
}
