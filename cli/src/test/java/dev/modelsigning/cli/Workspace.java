package dev.modelsigning.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.modelsigning.key.KeyPairFiles;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.testing.TimedProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/**
 * A directory with what most tests need: a model of three files, a key pair, a path for the
 * signature.
 */
public final class Workspace {

  public static final String SIGNING_FAILED = "Signing failed with error";

  public static final String VERIFICATION_FAILED = "Verification failed with error";

  private final Path directory;

  private Workspace(Path directory) {
    this.directory = directory;
  }

  public static Workspace in(Path directory) throws IOException {
    Workspace workspace = new Workspace(directory);
    workspace.write("model/config.json", "{}");
    workspace.write("model/weights/a.bin", "alpha");
    workspace.write("model/weights/b.bin", "beta");
    KeyPairFiles.generate(EcdsaScheme.P256, workspace.privateKey(), workspace.publicKey());
    return workspace;
  }

  public Path path(String name) {
    return directory.resolve(name);
  }

  public Path model() {
    return path("model");
  }

  public Path privateKey() {
    return path("key.pem");
  }

  public Path publicKey() {
    return path("key.pub");
  }

  public Path signature() {
    return path("model.sig");
  }

  /** Writes a text file, with the directories above it. */
  public Path write(String name, String content) throws IOException {
    Path file = path(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  /** Makes a symbolic link; the target is relative to the link. */
  public Path link(String name, String target) throws IOException {
    return Files.createSymbolicLink(path(name), Path.of(target));
  }

  /** Makes a FIFO, which no Java interface makes. */
  public Path fifo(String name) throws IOException, InterruptedException {
    Path file = path(name);
    shell("mkfifo \"$1\"", file);
    return file;
  }

  /** Makes an empty directory entry whose name is these bytes, given as octal escapes. */
  public void writeFileNamed(String parent, String octalEscapes)
      throws IOException, InterruptedException {
    shell("printf x > \"$1/$(printf '" + octalEscapes + "')\"", path(parent));
  }

  private static void shell(String script, Path argument) throws IOException, InterruptedException {
    Process process =
        TimedProcess.start(
            new ProcessBuilder("sh", "-c", script, "sh", argument.toString())
                .redirectErrorStream(true));
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s: %s", script, output).isZero();
  }

  /** Removes all permissions; skips the test for a user who can read everything anyway. */
  public void forbid(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
    assumeFalse(
        Files.isReadable(file),
        "permissions do not bind this user; run as another user than root"
            + " (PackagedJarIT drops root's privileges to test the same)");
  }

  /** Signs the model; more arguments can be given. */
  public Invocation sign(Object... more) {
    return signIn(Map.of(), model(), privateKey(), signature(), more);
  }

  /** Signs the model with another key. */
  public Invocation signWith(Path key, Object... more) {
    return signIn(Map.of(), model(), key, signature(), more);
  }

  /** Signs another model. */
  public Invocation signModel(Path model, Object... more) {
    return signIn(Map.of(), model, privateKey(), signature(), more);
  }

  /** Signs the model and writes the signature to another place. */
  public Invocation signTo(Path signature, Object... more) {
    return signIn(Map.of(), model(), privateKey(), signature, more);
  }

  public Invocation signIn(
      Map<String, String> environment, Path model, Path key, Path signature, Object... more) {
    List<Object> args =
        new ArrayList<>(
            List.of("sign", "key", model, "--private-key", key, "--signature", signature));
    args.addAll(List.of(more));
    return Invocation.in(environment, args.toArray());
  }

  /** Verifies the model; more arguments can be given. */
  public Invocation verify(Object... more) {
    return verify(model(), publicKey(), signature(), more);
  }

  /** Verifies the model with another key. */
  public Invocation verifyWith(Path key, Object... more) {
    return verify(model(), key, signature(), more);
  }

  /** Verifies another model. */
  public Invocation verifyModel(Path model, Object... more) {
    return verify(model, publicKey(), signature(), more);
  }

  /** Verifies the model by a signature in another place. */
  public Invocation verifyBy(Path signature, Object... more) {
    return verify(model(), publicKey(), signature, more);
  }

  private static Invocation verify(Path model, Path key, Path signature, Object... more) {
    List<Object> args =
        new ArrayList<>(
            List.of("verify", "key", model, "--public-key", key, "--signature", signature));
    args.addAll(List.of(more));
    return Invocation.of(args.toArray());
  }

  /** Everything in the directory: what it is, and what it holds. */
  public SortedMap<String, String> content() throws IOException {
    SortedMap<String, String> content = new TreeMap<>();
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            content.put(directory.relativize(file).toString(), describe(file, attributes));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            content.put(directory.relativize(file).toString(), "unreadable");
            return FileVisitResult.CONTINUE;
          }
        });
    return content;
  }

  private static String describe(Path file, BasicFileAttributes attributes) throws IOException {
    if (attributes.isSymbolicLink()) {
      return "link to " + Files.readSymbolicLink(file);
    }
    if (!attributes.isRegularFile()) {
      return "special file";
    }
    return Files.isReadable(file)
        ? Files.readString(file, StandardCharsets.ISO_8859_1)
        : "unreadable";
  }

  /** Runs a command that is to leave everything on disk as it was. */
  public Invocation changingNothing(Callable<Invocation> command) throws Exception {
    SortedMap<String, String> before = content();
    Invocation result = command.call();
    assertThat(content()).isEqualTo(before);
    return result;
  }
}
