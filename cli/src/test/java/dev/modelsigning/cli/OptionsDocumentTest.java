package dev.modelsigning.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.output.Output;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Documents mention existing options only. */
class OptionsDocumentTest {

  private static final Path ROOT = Path.of(System.getProperty("modelsigning.root"));

  private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--[a-z][a-z0-9-]*");

  /** Of `hf`, `docker` and `java`. */
  private static final Set<String> OF_OTHERS =
      Set.of("--check", "--local-dir", "--rm", "--sun-misc-unsafe");

  /** Of b3sum, cosign, pip, curl and Spark, on the pages that say what they do. */
  private static final Map<String, Set<String>> OF_PEERS =
      Map.of(
          "admission.md",
          Set.of("--admission-control-config-file", "--cacert", "--json", "--silent"),
          "attestations.md",
          Set.of(
              "--bundle", "--digest", "--insecure-ignore-tlog", "--plain-http", "--key", "--type"),
          "interoperability.md",
          Set.of(
              "--allow-certificate-chain",
              "--bundle",
              "--certificate-oidc-issuer",
              "--certificate-oidc-issuer-regexp",
              "--digest",
              "--fulcio",
              "--hash",
              "--insecure-ignore-sct",
              "--insecure-ignore-tlog",
              "--plain-http",
              "--key",
              "--signature-digest-algorithm",
              "--statement",
              "--tlog-upload",
              "--type",
              "--use-signing-config"),
          "real-model.md",
          Set.of("--no-deps"),
          "registries.md",
          Set.of("--insecure-ignore-tlog", "--plain-http", "--key"),
          "spark.md",
          Set.of("--class", "--conf", "--master", "--packages"),
          "speed.md",
          Set.of("--no-mmap"));

  /** Of pages that are about other programs, too. */
  private static final List<String> ELSEWHERE = List.of("install.md", "maven.md", "release.md");

  static List<Path> documents() throws IOException {
    try (Stream<Path> pages = Files.list(ROOT.resolve("docs"))) {
      return Stream.concat(
              Stream.of("README.md", "SECURITY.md", "CHANGELOG.md").map(ROOT::resolve),
              pages.filter(page -> page.toString().endsWith(".md")))
          .filter(page -> !ELSEWHERE.contains(page.getFileName().toString()))
          .sorted()
          .toList();
    }
  }

  private static void collect(CommandLine command, Set<String> options) {
    options.addAll(command.getCommandSpec().optionsMap().keySet());
    options.addAll(command.getCommandSpec().negatedOptionsMap().keySet());
    command.getSubcommands().values().forEach(each -> collect(each, options));
  }

  private static Set<String> options() {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    Set<String> options = new TreeSet<>();
    collect(
        Commands.all(
            new RootCommand(
                Output.on(nowhere, nowhere, UnaryOperator.identity()),
                MachineVerdict.of(new String[0]),
                Map.of())),
        options);
    return options;
  }

  @ParameterizedTest
  @MethodSource("documents")
  void namesOptionsThatThereAre(Path document) throws Exception {
    Set<String> known = options();
    assertThat(known).contains("--identity", "--kubernetes-volume");
    known.addAll(OF_OTHERS);
    known.addAll(OF_PEERS.getOrDefault(String.valueOf(document.getFileName()), Set.of()));
    Set<String> named = new TreeSet<>();
    OPTION.matcher(Files.readString(document)).results().forEach(found -> named.add(found.group()));
    named.removeAll(known);
    assertThat(named).as("options in %s that no command has", document).isEmpty();
  }
}
