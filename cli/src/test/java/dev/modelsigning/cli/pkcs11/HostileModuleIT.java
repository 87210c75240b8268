package dev.modelsigning.cli.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.testing.ToolProcess;
import dev.modelsigning.pkcs11.HostileModule;
import dev.modelsigning.testing.TimedProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Native code that hangs, crashes, or lies in the model, and the process that meets it. */
@EnabledIf(
    value = "dev.modelsigning.pkcs11.HostileModule#canBeCompiled",
    disabledReason = "no C compiler for Linux; install gcc")
class HostileModuleIT {

  @TempDir private Path directory;
  private Path model;

  @BeforeEach
  void makeModel() throws IOException {
    model = Files.createDirectories(directory.resolve("model"));
    Files.writeString(model.resolve("weights"), "weights");
  }

  private record Ended(int status, String output) {}

  /** Starts the tool in the model. */
  private Process start(Map<String, String> environment, List<String> options, String... args)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "env",
                "--default-signal=INT,TERM",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:-CreateCoredumpOnCrash"));
    command.addAll(options);
    command.addAll(List.of("-jar", ToolProcess.packagedJar().toString()));
    command.addAll(List.of(args));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(model.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("output").toFile());
    builder.environment().keySet().removeIf(name -> name.matches("HOME|XDG_.*|JAVA_.*|PKCS11_PIN"));
    builder.environment().putAll(environment);
    Process process = TimedProcess.start(builder);
    process.getOutputStream().close();
    return process;
  }

  private Ended end(Process process) throws IOException, InterruptedException {
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("still running").isTrue();
    return new Ended(
        process.exitValue(),
        Files.readString(directory.resolve("output"), StandardCharsets.ISO_8859_1));
  }

  private List<String> inModel() throws IOException {
    try (Stream<Path> files = Files.list(model)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "HANG_IN_INITIALIZE,INT,130",
    "HANG_IN_INITIALIZE,TERM,143",
    "HANG_IN_SLOT_LIST,TERM,143",
    "HANG_IN_LOGIN,INT,130"
  })
  void aSignalEndsTheProcessThoughTheModuleHangs(String what, String signal, int status)
      throws Exception {
    Path module = HostileModule.compile(directory, what);
    Process process =
        start(
            Map.of("PKCS11_PIN", "1234"),
            List.of(),
            "sign",
            "pkcs11-key",
            ".",
            "--pkcs11-uri",
            "pkcs11:object=a?module-path=" + module);
    HostileModule.awaitHanging(module);
    TimedProcess.start(new ProcessBuilder("kill", "-" + signal, "" + process.pid())).waitFor();
    Ended ended = end(process);
    assertThat(ended.status()).isEqualTo(status);
    assertThat(ended.output()).isEmpty();
    assertThat(inModel()).containsExactly("weights");
  }

  /** What SECURITY.md says of a crash: without the launcher, that is up to the options of Java. */
  @Test
  void aCrashLeavesNoReportInTheModelIfJavaIsToldSo() throws Exception {
    Path module = HostileModule.compile(directory, "CRASH_IN_LOGIN");
    Process process =
        start(
            Map.of(),
            List.of("-XX:ErrorFile=/dev/null", "-XX:-DumpReplayDataOnError"),
            "pkcs11",
            "list",
            "--login",
            "--pkcs11-uri",
            "pkcs11:?pin-value=80417263&module-path=" + module);
    Ended ended = end(process);
    assertThat(ended.status()).isNotZero();
    assertThat(ended.output()).contains("SIGSEGV").doesNotContain("80417263");
    assertThat(inModel()).containsExactly("weights");
  }

  /** p11-kit and this program would load a library that the model ships. */
  @ParameterizedTest
  @ValueSource(
      strings = {"HOME=.", "HOME=", "HOME=?", "HOME=sub", "XDG_CONFIG_HOME=sub/.config", "NONE=."})
  void runsNoLibraryOfTheModel(String variable) throws Exception {
    Path module = HostileModule.compile(model, "CRASH_IN_INITIALIZE");
    for (String home : List.of(".", "?", "sub")) {
      Path modules = Files.createDirectories(model.resolve(home).resolve(".config/pkcs11/modules"));
      Files.writeString(modules.resolve("mine.module"), "module: " + module + "\n");
    }
    List<String> before = inModel();
    String[] pair = variable.split("=", -1);
    for (List<String> uri :
        List.of(List.<String>of(), List.of("--pkcs11-uri", "pkcs11:?module-name=mine"))) {
      List<String> args = new ArrayList<>(List.of("pkcs11", "list"));
      args.addAll(uri);
      Ended ended =
          end(
              start(
                  Map.of(pair[0], pair[1]), List.of("-Duser.home=?"), args.toArray(new String[0])));
      assertThat(ended.status()).as(ended.output()).isLessThan(2);
      assertThat(inModel()).isEqualTo(before);
    }
  }

  // --- the native part of JNA

  @Test
  void leavesNothingOfItsNativeCode() throws Exception {
    Path temporary = Files.createDirectories(directory.resolve("tmp"));
    Path module = HostileModule.compile(directory, "NOTHING");
    for (Map<String, String> environment :
        List.of(Map.of("HOME", directory.toString()), Map.<String, String>of())) {
      Ended ended =
          end(
              start(
                  environment,
                  List.of("-Djava.io.tmpdir=" + temporary, "-Duser.home=?"),
                  "pkcs11",
                  "list",
                  "--module-path",
                  module.toString()));
      assertThat(ended.output()).contains("pkcs11:token=hostile");
      assertThat(ended.status()).isZero();
    }
    assertThat(temporary).isEmptyDirectory();
    assertThat(inModel()).containsExactly("weights");
    assertThat(directory.resolve(".cache")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({
    "-Djava.io.tmpdir=sub, no directory to unpack native code in",
    "-Djna.tmpdir=sub, 'the system property jna.tmpdir is ''sub'', expected an absolute path'",
    "-Djna.boot.library.path=sub, 'jna.boot.library.path is ''sub'', expected an absolute path'"
  })
  void unpacksNativeCodeInNoRelativeDirectory(String option, String message) throws Exception {
    Files.createDirectories(model.resolve("sub"));
    Path module = HostileModule.compile(directory, "NOTHING");
    Ended ended =
        end(start(Map.of(), List.of(option), "pkcs11", "list", "--module-path", module.toString()));
    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.output()).contains(message);
    assertThat(model.resolve("sub")).isEmptyDirectory();
  }

  @Test
  void unpacksNativeCodeNowhereWhereOthersCouldReplaceIt() throws Exception {
    Path open = Files.createDirectories(directory.resolve("open"));
    Files.setAttribute(open, "unix:mode", 0777);
    Path module = HostileModule.compile(directory, "NOTHING");
    Ended ended =
        end(
            start(
                Map.of(),
                List.of("-Djava.io.tmpdir=" + open),
                "pkcs11",
                "list",
                "--module-path",
                module.toString()));
    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.output()).contains(open + ": can be written to by others");
  }

  @Test
  void triesNoPinOfTheEnvironmentThatIsEmpty() throws Exception {
    Path module = HostileModule.compile(directory, "CRASH_IN_LOGIN");
    Ended ended =
        end(
            start(
                Map.of("PKCS11_PIN", ""),
                List.of(),
                "pkcs11",
                "list",
                "--login",
                "--module-path",
                module.toString()));
    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.output()).contains("PKCS11_PIN is set to nothing");
  }
}
