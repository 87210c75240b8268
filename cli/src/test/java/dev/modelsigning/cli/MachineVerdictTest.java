package dev.modelsigning.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.command.Place;
import dev.modelsigning.cli.keys.KeyName;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.testing.TimedProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** A program that expects an object on standard output finds one, wherever a command ends. */
class MachineVerdictTest {

  @TempDir private Path directory;

  private Workspace workspace;

  @BeforeEach
  void signAModel() throws IOException {
    workspace = Workspace.in(directory);
    workspace.sign().assertSucceeded();
  }

  private static void assertRefused(Invocation run, int status, String reason) {
    assertThat(run.status()).isEqualTo(status);
    assertThat(run.out())
        .startsWith("{\"verified\":false,")
        .contains(
            "\"schemaVersion\":1,\"toolVersion\":\"",
            "\",\"model\":\"\",\"reason\":\"" + reason + "\",\"message\":\"",
            "\"findings\":[{\"rule\":\"" + reason + "\",\"severity\":\"ERROR\",")
        .endsWith("}\n")
        .hasLineCount(1);
  }

  /** What a script gets wrong whose variables are empty, or have something else in them. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "verify --format json",
        "verify key --format json",
        "verify key --format=JSON model",
        "verify kye model --format json",
        "verify key model --format json --nope",
        "verify key model --signature model.sig --format json --public-key",
        "verify key model --signature --public-key key.pub --format=json",
        "verify key --help --format json",
        "verify key model --format json -h",
        "verify --version --format json",
        "--version --format json",
        "verify sigstore model --signature model.sig --format json",
        "verify certificate model --signature model.sig --format json --certificate-chain",
        "vrefiy key model --format json",
        "--format json",
        "help --format json",
        "help verify key --format json",
        "sign key model --private-kye key.pem --format json",
        "generate-key --format json",
        "completion fsh --format json",
        "quickstart --format json",
        "help nonsense --format json",
        "digest --format json",
        "digest model --format json --shard-size 0",
        "sign --format json",
        "sign key model --format json",
        "sign key model --format=json --private-key",
        "--log-level DEBUG sign key model --format json --nope",
        "sign model --format json --rekor-version 3",
        "sign key --help --format json",
        "pkcs11 list --format json --nope",
        "pkcs11 lsit --format json",
        "inspect --format json",
        "schema nope --format json",
        "verify key model --format text --format json --strict --jobs x",
        "verify key model --signature model.sig --public-key= --format json",
        "verify key model --format json --signature --format=text --public-key key.pub",
        "verify key model --format json --signature --format text --public-key key.pub",
        "verify key --format json --signature model.sig --public-key key.pub -- --format=text more",
        "verify key --format json --signature model.sig --public-key key.pub -- --format text"
      })
  void saysThatTheUsageIsWrong(String line) {
    assertRefused(Invocation.of((Object[]) line.split(" ")), 2, "WRONG_USAGE");
  }

  /** What follows two hyphens is a name, unless these may be the value of an option. */
  @ParameterizedTest
  @CsvSource({
    "digest -- --format=json,false",
    "-- --format json,false",
    "verify key -- --format json,false",
    "verify key --format=text -- --format=json,false",
    "verify key --format=json -- --format=text,true",
    "verify key --format json -- --format text,true",
    "verify key --signature -- --format json,true",
    "verify key --quiet -- --format json,true",
    "verify key --format -- --format json,true",
    "verify key --signature -- --format json -- --format text,true"
  })
  void takesNoNameForTheOption(String line, boolean wanted) {
    assertThat(MachineVerdict.mayBeWanted(line.split(" ")).isForMachines()).isEqualTo(wanted);
  }

  /** A model may have any name: its digest is all that is printed, and its absence no verdict. */
  @ParameterizedTest
  @ValueSource(strings = {"digest --", "digest --quiet --", "digest --ignore-paths x --"})
  void printsNoVerdictForAModelThatIsNamedLikeTheOption(String line) throws IOException {
    Object[] args = (line + " --format=json").split(" ");

    assertThat(Invocation.of(args).assertFailed("Computing digest failed").out()).isEmpty();
  }

  @Test
  void saysNothingMoreWhereTheCommandLineTurnedOutToAskForNone() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    Output output = Output.on(stream, stream, UnaryOperator.identity());
    String[] args = {"digest", "--quiet", "--", "--format=json"};
    MachineVerdict machine = MachineVerdict.of(args);
    assertThat(machine.isWanted()).isTrue();
    RootCommand top = new RootCommand(output, machine, Map.of());

    CommandLine all = Commands.all(top).registerConverter(Path.class, Path::of);
    top.parsed(all.registerConverter(Place.class, Place::of).parseArgs(args));
    machine.interrupted(output);

    assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  void saysThatItWasInterruptedBeforeAndAfterTheCommandLineWasRead() {
    for (boolean parsed : new boolean[] {false, true}) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
      Output output = Output.on(stream, stream, UnaryOperator.identity());
      String[] args = "verify key m --signature s --public-key k --format Json".split(" ");
      MachineVerdict machine = MachineVerdict.of(args);
      RootCommand top = new RootCommand(output, machine, Map.of());
      if (parsed) {
        CommandLine all = Commands.all(top).setCaseInsensitiveEnumValuesAllowed(true);
        all.registerConverter(Path.class, Path::of)
            .registerConverter(Place.class, Place::of)
            .registerConverter(KeyName.class, KeyName::of);
        top.parsed(all.parseArgs(args));
      }

      machine.interrupted(output);

      assertThat(out.toString(StandardCharsets.UTF_8)).contains("\"reason\":\"INTERRUPTED\"");
    }
  }

  /** A program that checks whether a model was signed finds that it was not. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "sign --format json",
        "sign key model --format json",
        "--log-level DEBUG sign key model --format json --nope",
        "sign sign --format json --rekor-version=3",
        "sign key --help --format=json"
      })
  void saysThatNothingWasSigned(String line) {
    assertThat(Invocation.of((Object[]) line.split(" ")).out())
        .startsWith("{\"verified\":false,\"signed\":false,\"schemaVersion\":1,");
  }

  @ParameterizedTest
  @ValueSource(strings = {"verify key sign --format json", "digest --format json sign sign"})
  void saysNothingOfSigningWhereAModelIsNamedLikeIt(String line) {
    assertThat(Invocation.of((Object[]) line.split(" ")).out())
        .startsWith("{\"verified\":false,\"schemaVersion\":1,");
  }

  /** Its object, which the shell puts together, is by the schemas too. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "verify key m --format json",
        "verify key m --format=json --format --format=text",
        "sign key m --format=json",
        "digest m --format json",
        "pkcs11 list --format JSON"
      })
  void theLauncherSaysThatItCannotStartTheProgram(String line)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    Path root = Path.of(System.getProperty("modelsigning.root", ".."));
    Collections.addAll(command, "sh", root.resolve("model-signing").toString());
    Collections.addAll(command, line.split(" "));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("JAVA_HOME", "/nowhere/\"\\\u00e9\n");
    Process process = TimedProcess.start(builder);
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    Invocation run = Invocation.ended(List.of(line.split(" ")), process.waitFor(), out, "");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out())
        .startsWith("{\"verified\":false,")
        .contains("\"reason\":\"NOT_STARTED\",\"message\":\"JAVA_HOME is /nowhere/");
  }

  @Test
  void saysThatTheEnvironmentIsWrong() {
    assertRefused(
        Invocation.in(
            Map.of("MODEL_SIGNING_LOG_LEVEL", "loud"),
            "verify",
            "key",
            workspace.model(),
            "--signature",
            workspace.signature(),
            "--public-key",
            workspace.publicKey(),
            "--format=json"),
        2,
        "WRONG_USAGE");
  }

  @ParameterizedTest
  @CsvSource({"--format,text", "--format,jsno", "--formatt,json", "--format=json,--format=text"})
  void printsNothingWhereNobodyWaitsForIt(String first, String second) {
    assertThat(Invocation.of("verify", "key", "model", first, second).out()).isEmpty();
  }

  /** An unexpected failure while arguments are parsed is an ending too. */
  @Test
  void saysThatItFailedInAWayThatNobodyForesaw() {
    Map<String, String> failing =
        new AbstractMap<>() {
          @Override
          public Set<Entry<String, String>> entrySet() {
            throw new IllegalStateException("no environment, token eyJhbGciOiJSUzI1NiJ9.e30.c2ln");
          }
        };
    Invocation run =
        Invocation.in(
            failing,
            "verify",
            "key",
            workspace.model(),
            "--signature",
            workspace.signature(),
            "--public-key",
            workspace.publicKey(),
            "--format=json");

    assertRefused(run, 1, "INTERNAL_ERROR");
    assertThat(run.out()).doesNotContain("eyJ");
  }

  @ParameterizedTest
  @CsvSource({"OUT_OF_MEMORY,1", "INTERNAL_ERROR,1"})
  void saysThatAnErrorEndedIt(String reason, int status) {
    Error error = reason.equals("OUT_OF_MEMORY") ? new OutOfMemoryError() : new Error("other");
    Map<String, String> failing =
        new AbstractMap<>() {
          @Override
          public Set<Entry<String, String>> entrySet() {
            throw error;
          }
        };

    assertRefused(
        Invocation.in(
            failing,
            "verify",
            "key",
            workspace.model(),
            "--signature",
            workspace.signature(),
            "--public-key",
            workspace.publicKey(),
            "--format=json"),
        status,
        reason);
  }

  /** A disk that is full: the verdict was lost, and the exit status says so. */
  @Test
  void doesNotSucceedIfTheVerdictCannotBeWritten() {
    PrintStream full =
        new PrintStream(
            new OutputStream() {
              @Override
              public void write(int b) throws IOException {
                throw new IOException("no space left");
              }
            },
            true,
            StandardCharsets.UTF_8);
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    List<String> args = new ArrayList<>();
    Collections.addAll(args, "verify", "key", workspace.model().toString());
    Collections.addAll(args, "--signature", workspace.signature().toString());
    Collections.addAll(args, "--public-key", workspace.publicKey().toString(), "--format=json");

    int status =
        Main.run(
            args.toArray(new String[0]),
            full,
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of());

    assertThat(status).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("could not be written");
  }
}
