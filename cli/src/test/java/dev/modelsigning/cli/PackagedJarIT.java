package dev.modelsigning.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.modelsigning.cli.testing.PemFiles;
import dev.modelsigning.key.KeyPairFiles;
import dev.modelsigning.signingkey.EcdsaScheme;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The packaged tool as a separate process, for behaviour that depends on the process: the locale,
 * the current directory, the user, the exit status, the encoding of the output.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs a shell, locales and users of POSIX")
class PackagedJarIT {

  private static final String UTF_8 = "C.UTF-8";
  private static final String ASCII = "C";

  @TempDir private static Path shared;
  private static Path jar;
  private static Path privateKey;
  private static Path publicKey;

  @TempDir private Path directory;

  /** The exit status and output of a process. */
  private record Ended(int status, String out, String err) {

    Ended assertStatus(int expected) {
      assertThat(status).as("exit status; %s%s", out, err).isEqualTo(expected);
      assertThat(err).doesNotContain("\tat ").doesNotContain("Exception");
      return this;
    }

    Ended assertFailed(String... parts) {
      assertStatus(1);
      assertThat(out).isEmpty();
      assertThat(err).contains(parts);
      return this;
    }
  }

  @BeforeAll
  static void copyTheJarToWhereEverybodyMayReadIt() throws IOException {
    Path packaged =
        Path.of(System.getProperty("modelsigning.root")).resolve("cli/target/model-signing.jar");
    jar = Files.copy(packaged, shared.resolve("model-signing.jar"));
    privateKey = shared.resolve("key.pem");
    publicKey = shared.resolve("key.pub");
    KeyPairFiles.generate(EcdsaScheme.P256, privateKey, publicKey);
    for (Path path : List.of(shared, jar, privateKey)) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  @BeforeEach
  void letEverybodyIn() throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
  }

  private static Ended process(Path currentDirectory, String locale, List<String> command)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile(shared, "out", ".txt");
    Path err = Files.createTempFile(shared, "err", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(currentDirectory.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    Map<String, String> environment = builder.environment();
    environment
        .keySet()
        .removeIf(name ->
            name.startsWith("MODEL_SIGNING_")
                || name.endsWith("JAVA_OPTIONS")
                || name.equals("JAVA_TOOL_OPTIONS"));
    environment.put("LC_ALL", locale);
    Process process = builder.start();
    process.getOutputStream().close();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("still running: " + command);
    }
    JsonOutput.check(command, process.exitValue(), text(out));
    return new Ended(process.exitValue(), text(out), text(err));
  }

  /** The text of a file; bytes that are not UTF-8 become U+FFFD and are thus not ASCII either. */
  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  private static List<String> java(Object... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Starts faster; the tests are about everything else.
    Collections.addAll(command, "-XX:TieredStopAtLevel=1", "-jar", jar.toString());
    Stream.of(args).map(Object::toString).forEach(command::add);
    return command;
  }

  /** Runs the tool in the test's directory. */
  private Ended run(Object... args) throws IOException, InterruptedException {
    return process(directory, UTF_8, java(args));
  }

  private Ended runIn(String locale, Object... args) throws IOException, InterruptedException {
    return process(directory, locale, java(args));
  }

  private static Ended runAt(Path currentDirectory, Object... args)
      throws IOException, InterruptedException {
    return process(currentDirectory, UTF_8, java(args));
  }

  private void shell(String script) throws IOException, InterruptedException {
    process(directory, UTF_8, List.of("sh", "-ec", script)).assertStatus(0);
  }

  private Path write(String name, String content) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  // Exit status

  @Test
  void exitsWithZeroAfterSuccess() throws Exception {
    write("model/a", "1");

    assertThat(run("digest", "model").assertStatus(0).err()).isEmpty();
  }

  @Test
  void exitsWithOneAfterAFailure() throws Exception {
    run("digest", "missing").assertFailed("missing: no such file or directory");
  }

  @Test
  void exitsWithTwoAfterWrongUsage() throws Exception {
    assertThat(run("digest").assertStatus(2).err()).contains("MODEL_PATH");
  }

  @Test
  void knowsItsVersion() throws Exception {
    assertThat(run("--version").assertStatus(0).out())
        .matches("model-signing, version \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?\\R(?s).*");
  }

  // Current directory

  @Test
  void writesTheSignatureToTheCurrentDirectoryByDefault() throws Exception {
    write("model/a", "1");

    run("sign", "key", "model", "--private-key", privateKey).assertStatus(0);

    assertThat(directory.resolve("model.sig")).exists();
  }

  @Test
  void asksForNoPasswordWhereThereIsNoTerminal() throws Exception {
    write("model/a", "1");
    Path encrypted =
        PemFiles.writePkcs8(directory.resolve("encrypted.pem"), PemFiles.ec("secp256r1"), "pw");

    run("sign", "key", "model", "--private-key", encrypted)
        .assertFailed(encrypted + ": the private key is encrypted");
  }

  @ParameterizedTest
  @CsvSource({".,model", "model,.", "model/sub,..", "other,../model"})
  void comesToOneVerdictFromEverywhere(String currentDirectory, String model) throws Exception {
    write("model/a", "1");
    write("model/sub/b", "2");
    write("other/a", "not the model's");
    Path signature = directory.resolve("m.sig");
    run("sign", "key", "model", "--private-key", privateKey, "--signature", signature)
        .assertStatus(0);
    Path here = directory.resolve(currentDirectory);
    Object[] verify = {"verify", "key", model, "--public-key", publicKey, "--signature", signature};

    assertThat(runAt(here, verify).assertStatus(0).out())
        .contains("signed as model", "2 files, 2 bytes");
    write("model/sub/b", "3");
    runAt(here, verify).assertFailed("1 changed", "sub/b: expected");
  }

  @ParameterizedTest
  @CsvSource({".,model", "model,.", "model/sub,.."})
  void namesTheModelTheSameFromEverywhere(String currentDirectory, String model) throws Exception {
    write("model/a", "1");
    write("model/sub/b", "2");
    Path signature = directory.resolve("m.sig");

    runAt(
            directory.resolve(currentDirectory),
            "sign",
            "key",
            model,
            "--private-key",
            privateKey,
            "--signature",
            signature)
        .assertStatus(0);

    assertThat(run("inspect", signature).assertStatus(0).out()).containsPattern("model +model\n");
  }

  @ParameterizedTest
  @CsvSource({
    ".,model,model/cache",
    ".,model,cache",
    ".,model,./model/../model/cache/",
    "model,.,cache",
    "model,../model,./cache",
    "model/sub,..,../cache",
    "other,../model,../model/cache"
  })
  void findsThePathToIgnore(String currentDirectory, String model, String path) throws Exception {
    write("model/a", "1");
    write("model/sub/b", "2");
    write("model/cache/c", "3");
    write("other/x", "4");

    Ended signed =
        runAt(
                directory.resolve(currentDirectory),
                "sign",
                "key",
                model,
                "--private-key",
                privateKey,
                "--signature",
                directory.resolve("m.sig"),
                "--ignore-paths",
                path)
            .assertStatus(0);

    assertThat(signed.out()).contains("2 files", "not covered  cache/ (ignored on request)");
  }

  @Test
  void refusesAPathToIgnoreThatCouldMeanTwo() throws Exception {
    write("model/x", "1");
    write("model/sub/x", "2");
    Path signature = directory.resolve("m.sig");

    runAt(
            directory.resolve("model/sub"),
            "sign",
            "key",
            "..",
            "--private-key",
            privateKey,
            "--signature",
            signature,
            "--ignore-paths",
            "x")
        .assertFailed("x: ", "could mean sub/x or x", "absolute path");

    assertThat(signature).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({"x,sub/x", "y,y"})
  void takesTheOnlyPathToIgnoreThatExists(String path, String meant) throws Exception {
    write("model/sub/x", "1");
    write("model/y", "2");
    write("model/z", "3");

    Ended signed =
        runAt(
                directory.resolve("model/sub"),
                "sign",
                "key",
                "..",
                "--private-key",
                privateKey,
                "--signature",
                directory.resolve("m.sig"),
                "--ignore-paths",
                path)
            .assertStatus(0);

    assertThat(signed.out()).contains("2 files", "not covered  " + meant + " (ignored on request)");
  }

  @Test
  void doesNotIgnoreAFileOutsideTheModelThatIsNamedLikeOneInIt() throws Exception {
    write("model/a", "1");
    write("model/notes", "2");
    write("notes", "3");

    assertThat(run("digest", "model", "--ignore-paths", "notes").assertStatus(0).out())
        .isEqualTo(run("digest", "model", "--ignore-paths", "model/notes").out());
  }

  // Locale

  /** Names that the C locale cannot decode, written as bytes so that no locale is needed here. */
  private void makeModelWithNamesBeyondAscii() throws IOException, InterruptedException {
    shell(
        """
        mkdir -p model/a/c
        printf 1 > model/a/b
        printf 2 > model/a-b
        printf 3 > model/a.b
        printf 4 > 'model/a b'
        printf 5 > model/ab
        printf 6 > model/a/c/d
        printf 7 > "model/$(printf '\\357\\274\\241').bin"
        printf 8 > "model/$(printf '\\360\\237\\230\\200').bin"
        """);
  }

  @ParameterizedTest
  @ValueSource(strings = {ASCII, UTF_8})
  void ordersNamesByCodePointInEveryLocale(String locale) throws Exception {
    makeModelWithNamesBeyondAscii();

    assertThat(runIn(locale, "digest", "model").assertStatus(0).out().strip())
        .isEqualTo("sha256:011f10b510ee985017b0d2d6359ce84ab5e27e7d7176be6ceac9a704fcdb66ba");
  }

  @ParameterizedTest
  @CsvSource({ASCII + "," + UTF_8, UTF_8 + "," + ASCII, ASCII + "," + ASCII})
  void verifiesInOneLocaleWhatWasSignedInAnother(String signer, String verifier) throws Exception {
    makeModelWithNamesBeyondAscii();

    runIn(signer, "sign", "key", "model", "--private-key", privateKey).assertStatus(0);

    assertThat(
            runIn(
                    verifier,
                    "verify",
                    "key",
                    "model",
                    "--public-key",
                    publicKey,
                    "--signature",
                    "model.sig")
                .assertStatus(0)
                .out())
        .contains("8 files, 8 bytes", "011f10b510ee985017b0d2d6359ce84ab5e27e7d7176be6ceac9a704f");
  }

  @Test
  void signsTheSameBytesInEveryLocale() throws Exception {
    makeModelWithNamesBeyondAscii();
    run("sign", "key", "model", "--private-key", privateKey, "--signature", "utf8.sig")
        .assertStatus(0);

    runIn(ASCII, "sign", "key", "model", "--private-key", privateKey, "--signature", "c.sig")
        .assertStatus(0);

    assertThat(runIn(ASCII, "inspect", "--payload", "c.sig").assertStatus(0).out())
        .isNotEmpty()
        .isEqualTo(run("inspect", "--payload", "utf8.sig").out());
  }

  @ParameterizedTest
  @ValueSource(strings = {ASCII, UTF_8})
  void findsWhatChangedInEveryLocale(String locale) throws Exception {
    makeModelWithNamesBeyondAscii();
    run("sign", "key", "model", "--private-key", privateKey).assertStatus(0);
    shell(
        """
        printf 9 > "model/$(printf '\\357\\274\\241').bin"
        rm "model/$(printf '\\360\\237\\230\\200').bin"
        printf 9 > "model/$(printf 'caf\\303\\251')"
        """);

    runIn(locale, "verify", "key", "model", "--public-key", publicKey, "--signature", "model.sig")
        .assertFailed("1 changed, 1 missing, 1 not signed");
  }

  @ParameterizedTest
  @ValueSource(strings = {ASCII, UTF_8})
  void refusesANameThatIsNotUtf8InEveryLocale(String locale) throws Exception {
    write("model/a", "1");
    shell("printf 2 > \"model/$(printf 'bad\\377name')\"");

    runIn(locale, "sign", "key", "model", "--private-key", privateKey)
        .assertFailed("model/bad", "name is not UTF-8");

    assertThat(directory.resolve("model.sig")).doesNotExist();
  }

  @Test
  void printsNamesInTheEncodingOfTheLocale() throws Exception {
    makeModelWithNamesBeyondAscii();
    run("sign", "key", "model", "--private-key", privateKey).assertStatus(0);

    assertThat(run("inspect", "model.sig").assertStatus(0).out())
        .contains("\uff21.bin\n", "\ud83d\ude00.bin\n");
    assertThat(runIn(ASCII, "inspect", "model.sig").assertStatus(0).out()).matches("\\p{ASCII}+");
  }

  @Test
  void ignoresAPathBeyondAscii() throws Exception {
    makeModelWithNamesBeyondAscii();
    shell("mkdir \"model/$(printf 'caf\\303\\251')\"; cd model/caf*; printf 9 > x");

    // The argument passes through a shell, so that this process need not know UTF-8.
    Ended signed =
        process(
                directory,
                UTF_8,
                List.of(
                    "sh",
                    "-c",
                    "exec \"$@\" \"$(printf 'caf\\303\\251')\"",
                    "sh",
                    java("digest", "model", "--ignore-paths").get(0),
                    "-jar",
                    jar.toString(),
                    "digest",
                    "model",
                    "--ignore-paths"))
            .assertStatus(0);

    assertThat(signed.out().strip())
        .isEqualTo("sha256:011f10b510ee985017b0d2d6359ce84ab5e27e7d7176be6ceac9a704fcdb66ba");
  }

  @Test
  void doesNotSignWhatItWasToldToIgnoreWhereTheLocaleCannotSayIt() throws Exception {
    write("model/a", "1");
    shell("printf 9 > \"model/$(printf 'caf\\303\\251')\"");

    Ended signed =
        process(
            directory,
            ASCII,
            List.of(
                "sh",
                "-c",
                "exec \"$@\" --ignore-paths \"$(printf 'caf\\303\\251')\"",
                "sh",
                java().get(0),
                "-jar",
                jar.toString(),
                "sign",
                "key",
                "model",
                "--private-key",
                privateKey.toString()));

    // It fails, or it does what was requested; it never signs the file anyway.
    assertThat(signed.out()).doesNotContain("2 files");
    assertThat(Files.exists(directory.resolve("model.sig"))).isEqualTo(signed.status() == 0);
  }

  // A user whom permissions bind

  private Ended runUnprivileged(Object... args) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      Collections.addAll(
          command, "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--");
    }
    command.addAll(java(args));
    return process(directory, UTF_8, command);
  }

  private void assumeUnprivilegedUser() throws InterruptedException {
    boolean runs;
    try {
      runs = runUnprivileged("--version").status() == 0;
    } catch (IOException e) {
      runs = false;
    }
    assumeTrue(
        runs,
        "as root this needs setpriv (package util-linux), the right to change the user, and a JDK"
            + " and a temporary directory that every user may enter; or run it as another user");
  }

  private static void forbid(Path path) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("---------"));
  }

  private static void allow(Path path) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
  }

  @Test
  void namesAFileThatMayNotBeRead() throws Exception {
    assumeUnprivilegedUser();
    write("model/a", "1");
    forbid(write("model/sub/secret", "2"));

    runUnprivileged("sign", "key", "model", "--private-key", privateKey)
        .assertFailed("model/sub/secret: permission denied");

    assertThat(directory.resolve("model.sig")).doesNotExist();
  }

  @Test
  void namesADirectoryThatMayNotBeRead() throws Exception {
    assumeUnprivilegedUser();
    write("model/a", "1");
    Path secret = write("model/secret/file", "2").getParent();
    forbid(secret);
    try {
      runUnprivileged("sign", "key", "model", "--private-key", privateKey)
          .assertFailed("model/secret: permission denied");
      assertThat(directory.resolve("model.sig")).doesNotExist();
    } finally {
      allow(secret);
    }
  }

  @Test
  void signsBesideAnIgnoredDirectoryThatMayNotBeRead() throws Exception {
    assumeUnprivilegedUser();
    write("model/a", "1");
    Path secret = write("model/secret/file", "2").getParent();
    forbid(secret);
    try {
      assertThat(
              runUnprivileged(
                      "sign",
                      "key",
                      "model",
                      "--private-key",
                      privateKey,
                      "--ignore-paths",
                      "secret")
                  .assertStatus(0)
                  .out())
          .contains("1 file,", "secret/ (ignored on request)");
    } finally {
      allow(secret);
    }
  }

  @Test
  void countsADirectoryThatMayNotBeReadAsUnsigned() throws Exception {
    assumeUnprivilegedUser();
    write("model/a", "1");
    run("sign", "key", "model", "--private-key", privateKey).assertStatus(0);
    Path secret = Files.createDirectory(directory.resolve("model/secret"));
    forbid(secret);
    try {
      runUnprivileged(
              "verify", "key", "model", "--public-key", publicKey, "--signature", "model.sig")
          .assertFailed("1 not signed", "secret (unreadable directory)");
    } finally {
      allow(secret);
    }
  }

  @Test
  void namesAListedFileThatMayNotBeRead() throws Exception {
    assumeUnprivilegedUser();
    Path file = write("model/a", "1");
    run("sign", "key", "model", "--private-key", privateKey).assertStatus(0);
    forbid(file);

    runUnprivileged("verify", "key", "model", "--public-key", publicKey, "--signature", "model.sig")
        .assertFailed("model/a: permission denied");
  }

  @Test
  void namesAModelThatMayNotBeRead() throws Exception {
    assumeUnprivilegedUser();
    Path model = write("model/a", "1").getParent();
    forbid(model);
    try {
      runUnprivileged("digest", "model").assertFailed("model: permission denied");
    } finally {
      allow(model);
    }
  }

  @Test
  void namesAKeyThatMayNotBeRead() throws Exception {
    assumeUnprivilegedUser();
    write("model/a", "1");
    forbid(write("secret.pem", "x"));

    runUnprivileged("sign", "key", "model", "--private-key", "secret.pem")
        .assertFailed("secret.pem: permission denied");
  }

  @Test
  void namesASignatureThatMayNotBeRead() throws Exception {
    assumeUnprivilegedUser();
    write("model/a", "1");
    forbid(write("model.sig", "x"));

    runUnprivileged("verify", "key", "model", "--public-key", publicKey, "--signature", "model.sig")
        .assertFailed("model.sig: permission denied");
  }

  @Test
  void writesNothingIntoADirectoryThatMayNotBeWrittenTo() throws Exception {
    assumeUnprivilegedUser();
    write("model/a", "1");
    Path readOnly = write("readonly/model.sig", "earlier").getParent();
    Files.setPosixFilePermissions(readOnly, PosixFilePermissions.fromString("r-xr-xr-x"));
    try {
      runUnprivileged(
              "sign",
              "key",
              "model",
              "--private-key",
              privateKey,
              "--signature",
              "readonly/model.sig")
          .assertFailed("readonly/model.sig: cannot be written");

      assertThat(readOnly).isDirectoryNotContaining("glob:**.tmp");
      assertThat(readOnly.resolve("model.sig")).hasContent("earlier");
    } finally {
      allow(readOnly);
    }
  }

  @Test
  void makesNoKeyInADirectoryThatMayNotBeWrittenTo() throws Exception {
    assumeUnprivilegedUser();
    Path readOnly = Files.createDirectory(directory.resolve("readonly"));
    Files.setPosixFilePermissions(readOnly, PosixFilePermissions.fromString("r-xr-xr-x"));
    try {
      runUnprivileged(
              "generate-key", "--private-key", "readonly/key.pem", "--public-key", "key.pub")
          .assertFailed("readonly/key.pem: cannot be written: permission denied");

      assertThat(directory.resolve("key.pub")).doesNotExist();
    } finally {
      allow(readOnly);
    }
  }
}
