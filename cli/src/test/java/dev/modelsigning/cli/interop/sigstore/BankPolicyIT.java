package dev.modelsigning.cli.interop.sigstore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.attestation.ClaimsFile;
import dev.modelsigning.cli.interop.Client;
import dev.modelsigning.testing.OnOneJdk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each row of the table in docs/bank-policy.md, with the policy of that page. */
@WithSigstoreStack
@OnOneJdk
class BankPolicyIT {

  private static final Path PAGE =
      Path.of(System.getProperty("modelsigning.root")).resolve("docs/bank-policy.md");

  /** A requirement that was checked and is not met, in the JSON of a verdict. */
  private static final Pattern UNMET =
      Pattern.compile(
          "\\{\"requirement\":\"([^\"]+)\",[^{}]*?\"met\":false,\"by\":\\[\\],\"why\":\"(?!not checked,)");

  @TempDir private static Path shared;
  private static Path directory;
  private static Bank bank;

  @BeforeAll
  static void open() throws Exception {
    directory = shared.toRealPath();
    bank = Bank.in(directory);
    Matcher yaml = Pattern.compile("(?s)```yaml\n(.*?)```").matcher(page());
    assertThat(yaml.find()).isTrue();
    Files.writeString(directory.resolve("policy.yaml"), bank.policy(yaml.group(1)));
    // These are made once, and so of the model as it is now.
    Path model = directory.resolve("fraud/v3");
    bank.sign(model, "training-ci");
    bank.sign(model, "a person");
    bank.claim(model, "provenance");
    bank.claim(model, "provenance (another builder)");
  }

  private static String page() throws IOException {
    return Files.readString(PAGE, StandardCharsets.UTF_8);
  }

  /** The rows of the table, by their columns. */
  record Situation(
      String number,
      String model,
      List<String> signers,
      List<String> claims,
      String different,
      String verdict,
      List<String> unmet) {

    static Situation of(String line) {
      String[] cells = line.split("\\|", -1);
      return new Situation(
          cells[1].strip(),
          cells[2].strip(),
          words(cells[3]),
          words(cells[4].replace("all", "provenance, bill, test")),
          cells[5].strip(),
          cells[6].strip(),
          words(cells[7]));
    }

    private static List<String> words(String cell) {
      return Arrays.stream(cell.split(",", -1))
          .map(String::strip)
          .filter(word -> !word.isEmpty())
          .toList();
    }

    @Override
    public String toString() {
      return number + " " + model + " " + signers + " " + different;
    }
  }

  static Stream<Situation> situations() throws IOException {
    return page().lines().filter(line -> line.matches("\\| \\d+ \\|.*")).map(Situation::of);
  }

  @AfterEach
  void restore() throws Exception {
    for (String each : List.of("fraud", "vendor", "other")) {
      try (Stream<Path> files = Files.walk(directory.resolve(each))) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
    bank.writeModels();
  }

  @ParameterizedTest
  @MethodSource("situations")
  void decidesAsThePageSays(Situation situation) throws Exception {
    Path model = directory.resolve(situation.model());
    before(situation.different(), model);
    Path beside = model.getParent();
    int number = 0;
    for (String signer : situation.signers()) {
      bank.sign(model, signer).write(beside.resolve("v3." + number++ + ".sig"));
    }
    if (model.endsWith("v3") && !situation.different().contains("base model")) {
      bank.sign(directory.resolve("vendor/base"), "vendor").write(beside.resolve("base.sig"));
    }
    for (String claim : situation.claims()) {
      ClaimsFile.append(beside.resolve("claims.jsonl"), bank.claim(model, claim));
    }
    after(situation.different(), model);

    Client.Outcome outcome =
        Client.java()
            .run(
                directory,
                "verify",
                "policy",
                situation.model(),
                "--policy=policy.yaml",
                "--format=json");

    assertThat(outcome.exitCode())
        .as(outcome.output())
        .isEqualTo(situation.verdict().equals("refused") ? 1 : 0);
    String json =
        outcome
            .output()
            .lines()
            .filter(line -> line.startsWith("{"))
            .findFirst()
            .orElseThrow(() -> new AssertionError(outcome.output()));
    assertThat(json).startsWith("{\"verified\":" + situation.verdict().equals("verified") + ",");
    List<String> unmet = new ArrayList<>();
    Matcher found = UNMET.matcher(json);
    while (found.find()) {
      unmet.add(found.group(1));
    }
    assertThat(unmet).as(outcome.output()).containsExactlyElementsOf(situation.unmet());
  }

  /** What is different when the model is signed. */
  private static void before(String different, Path model) throws IOException {
    switch (different) {
      case "signed with a file left out" -> Files.writeString(model.resolve("left-out.txt"), "1");
      case "signed with a link" ->
          Files.createSymbolicLink(model.resolve("link.json"), Path.of("config.json"));
      case "signed with a pickle" ->
          Files.write(model.resolve("weights.pkl"), new byte[] {(byte) 0x80, 2, ']', '.'});
      case "another version" -> Files.writeString(model.resolve("weights.bin"), "new");
      default -> {}
    }
  }

  /** What is different after it was signed. */
  private static void after(String different, Path model) throws Exception {
    switch (different) {
      case "a file is changed" -> Files.writeString(model.resolve("weights.bin"), "5678");
      case "a file is added" -> Files.writeString(model.resolve("more.bin"), "1");
      case "a file is renamed" -> Files.move(model.resolve("weights.bin"), model.resolve("x.bin"));
      case "the certificate is revoked" -> bank.revokeRelease();
      default -> {}
    }
  }

  /** The certificates here are for days only. */
  @Test
  void lintsThePolicy() throws Exception {
    // Certificates and the provider are those of an instance on this machine.
    Client.Outcome outcome = Client.java().run(directory, "policy", "lint", "policy.yaml");

    assertThat(outcome.output().lines())
        .allMatch(line ->
            line.contains(" ends soon, at ")
                || line.contains("the issuer is no address with https://")
                || line.contains("0 errors"));
    assertThat(outcome.exitCode()).isZero();
  }

  @Test
  void hasSituationsOfEachKind() throws Exception {
    assertThat(situations()).hasSizeGreaterThanOrEqualTo(24);
    assertThat(situations().map(Situation::verdict)).contains("verified", "refused", "warned");
  }
}
