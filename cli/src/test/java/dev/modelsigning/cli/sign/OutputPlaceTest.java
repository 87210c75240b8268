package dev.modelsigning.cli.sign;

import static dev.modelsigning.cli.Workspace.SIGNING_FAILED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Main;
import dev.modelsigning.cli.Workspace;
import dev.modelsigning.testing.TimedProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Paths where a signature cannot be written, although a temporary file in the same directory can be
 * created. This is detected before the model is hashed, and so before a certificate authority or a
 * log is contacted.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "mounts file systems")
class OutputPlaceTest {

  @TempDir private Path directory;

  private Workspace workspace;
  private HttpServer server;
  private Path config;
  private Path token;
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<Path> mounted = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    workspace = Workspace.in(directory);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          asked.add(exchange.getRequestURI().getPath());
          exchange.sendResponseHeaders(418, -1);
          exchange.close();
        });
    server.start();
    String address = "http://127.0.0.1:" + server.getAddress().getPort();
    config = workspace.write("config.json", SignSigstoreCommandTest.config(address));
    token =
        workspace.write(
            "token",
            SignSigstoreCommandTest.token(
                "{\"iss\":\"https://idp.example\",\"sub\":\"1\",\"exp\":"
                    + Instant.now().plusSeconds(600).getEpochSecond()
                    + "}"));
  }

  @AfterEach
  void stop() throws Exception {
    server.stop(0);
    for (Path each : mounted) {
      run("umount", each);
    }
  }

  private static int run(Object... command) throws Exception {
    List<String> strings = new ArrayList<>();
    for (Object each : command) {
      strings.add(each.toString());
    }
    return TimedProcess.start(
            new ProcessBuilder(strings)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD))
        .waitFor();
  }

  private void mount(Object... command) throws Exception {
    Path where = (Path) command[command.length - 1];
    Object[] all = new Object[command.length + 1];
    all[0] = "mount";
    System.arraycopy(command, 0, all, 1, command.length);
    boolean done = run(all) == 0;
    assumeTrue(
        done || "true".equals(System.getenv("MODEL_SIGNING_REQUIRE_MOUNTS")),
        "mounts a file system, which needs root");
    assertThat(done).isTrue();
    mounted.add(where);
  }

  private Object[] signWithKey(Path signature) {
    return new Object[] {
      "sign",
      "key",
      workspace.model(),
      "--private-key",
      workspace.privateKey(),
      "--signature",
      signature
    };
  }

  private Object[] signKeyless(Path signature) {
    return new Object[] {
      "sign",
      workspace.model(),
      "--trust-config",
      config,
      "--identity-token-file",
      token,
      "--signature",
      signature
    };
  }

  private void refuses(Path signature, String problem) throws Exception {
    // Hashing the model would report it.
    Path fifo = workspace.fifo("model/fifo");
    for (Object[] command : List.of(signWithKey(signature), signKeyless(signature))) {
      workspace
          .changingNothing(() -> Invocation.of(command))
          .assertFailed(SIGNING_FAILED, signature + ": cannot be written: ", problem);
    }
    assertThat(asked).isEmpty();
    Files.delete(fifo);
  }

  @Test
  void asksTheCertificateAuthorityWhereNothingIsInTheWay() {
    Invocation.of(signKeyless(workspace.signature())).assertFailed(SIGNING_FAILED, "answered 418");
    assertThat(asked).containsExactly("/api/v2/signingCert");
  }

  /** A file that is mounted by itself, as 'docker run -v model.sig:/out/model.sig' does. */
  private Path mountedFile(Path host) throws Exception {
    Path file = workspace.write("out/\u00e9 model#%.sig", "");
    mount("--bind", host, file);
    return file;
  }

  @Test
  void writesOverAFileThatIsMountedByItself() throws Exception {
    for (String before : List.of("", "old ".repeat(10_000))) {
      Path host = workspace.write("host.sig", before);
      Path file = mountedFile(host);
      Invocation.of(signWithKey(file)).assertSucceeded();
      assertThat(host).hasSameBinaryContentAs(file).content().startsWith("{").endsWith("}");
      Invocation.of(
              "verify",
              "key",
              workspace.model(),
              "--public-key",
              workspace.publicKey(),
              "--signature",
              file)
          .assertSucceeded();
      try (var there = Files.list(file.getParent())) {
        assertThat(there).containsExactly(file);
      }
      run("umount", file);
    }
    mounted.clear();
  }

  @Test
  void writesOverAMountedFileWhereNothingCanBeBesideIt() throws Exception {
    Path host = workspace.write("host.sig", "old");
    Path image = Files.createDirectory(workspace.path("image"));
    mount("-t", "tmpfs", "-o", "size=64k", "none", image);
    Path file = Files.createFile(image.resolve("model.sig"));
    mount("--bind", host, file);
    mount("-o", "remount,ro", image);
    Invocation.of(signWithKey(file)).assertSucceeded();
    assertThat(host).content().startsWith("{").endsWith("}");
    run("umount", file);
    mounted.removeIf(each -> !each.equals(image));
  }

  @Test
  void refusesAMountedFileThatCannotBeWritten() throws Exception {
    Path host = workspace.write("host.sig", "old");
    Path file = mountedFile(host);
    mount("-o", "remount,ro,bind", file);
    mounted.remove(mounted.size() - 1);
    refuses(file, "Read-only");
    assertThat(host).hasContent("old");
  }

  @Test
  void refusesAMountedFileOnAFullDisk() throws Exception {
    Path full = Files.createDirectory(workspace.path("full"));
    mount("-t", "tmpfs", "-o", "size=8k", "none", full);
    Path host = Files.writeString(full.resolve("host.sig"), "old");
    Files.write(full.resolve("x"), new byte[4096]);
    Path file = mountedFile(host);
    refuses(file, "no space left where it is mounted from");
    assertThat(host).hasContent("old");
    run("umount", file);
    mounted.remove(file);
  }

  @Test
  void refusesAFullDisk() throws Exception {
    Path full = Files.createDirectory(workspace.path("full"));
    mount("-t", "tmpfs", "-o", "size=8k", "none", full);
    Files.write(full.resolve("x"), new byte[8192]);
    refuses(full.resolve("model.sig"), "space");
  }

  /** Space that goes while the model is hashed is missed before anybody is asked. */
  @Test
  void refusesADiskWithoutSpaceForTheSignature() throws Exception {
    Path small = Files.createDirectory(workspace.path("small"));
    mount("-t", "tmpfs", "-o", "size=16k", "none", small);
    Path signature = small.resolve("model.sig");
    Files.write(small.resolve("x"), new byte[8192]);
    Invocation.of(signKeyless(signature)).assertFailed(SIGNING_FAILED, signature, "space");
    assertThat(asked).isEmpty();
    try (var left = Files.list(small)) {
      assertThat(left).containsExactly(small.resolve("x"));
    }
  }

  @Test
  void refusesAReadOnlyFileSystem() throws Exception {
    Path readOnly = Files.createDirectory(workspace.path("read-only"));
    mount("-t", "tmpfs", "-o", "ro", "none", readOnly);
    refuses(readOnly.resolve("model.sig"), "");
  }

  /** The class path in a place where all users may read; what Maven fetched is its user's own. */
  private String readableClassPath() throws Exception {
    Path lib = Files.createDirectory(workspace.path("lib"));
    List<String> entries = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(":", -1)) {
      Path copy = lib.resolve(entries.size() + "-" + Path.of(entry).getFileName());
      run("cp", "-rL", entry, copy);
      entries.add(copy.toString());
    }
    return String.join(":", entries);
  }

  @Test
  void refusesTheFileOfAnotherUserInADirectoryWithTheStickyBit() throws Exception {
    Path sticky = Files.createDirectory(workspace.path("sticky"));
    Path signature = workspace.write("sticky/model.sig", "{}");
    Files.setPosixFilePermissions(signature, PosixFilePermissions.fromString("rw-rw-rw-"));
    run("chmod", "1777", sticky);
    List<Object> command =
        new ArrayList<>(
            List.of(
                "setpriv",
                "--reuid=23456",
                "--regid=23456",
                "--clear-groups",
                Path.of(System.getProperty("java.home"), "bin", "java"),
                "-cp",
                readableClassPath(),
                Main.class.getName()));
    run("chmod", "-R", "a+rX", directory);
    List<Object> version = new ArrayList<>(command);
    version.add("--version");
    assumeTrue(run(version.toArray()) == 0, "needs root, setpriv and classes that all may read");
    command.addAll(List.of(signKeyless(signature)));
    Path log = workspace.path("log");
    int status =
        TimedProcess.start(
                new ProcessBuilder(command.stream().map(Object::toString).toList())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile()))
            .waitFor();
    assertThat(Files.readString(log, StandardCharsets.UTF_8)).contains("sticky bit");
    assertThat(status).isEqualTo(1);
    assertThat(asked).isEmpty();
    assertThat(signature).hasContent("{}");
    // Those whose file or directory it is may replace it.
    Files.writeString(signature, "");
    assertThat(Invocation.of(signWithKey(signature)).status()).isZero();
  }

  @Test
  void refusesANameThatNoFileCanHave() throws Exception {
    refuses(workspace.path("x".repeat(256)), "too long");
  }

  @Test
  void refusesAFileThatMustNotChange() throws Exception {
    Path file = workspace.write("out/model.sig", "{}");
    assumeTrue(run("chattr", "+i", file) == 0, "needs root, and a file system with attributes");
    try {
      refuses(file, "it cannot be replaced");
    } finally {
      run("chattr", "-i", file);
    }
  }

  @Test
  void leavesNothingInTheModelWhileItIsHashed() throws IOException {
    Path signature = workspace.model().resolve("model.sig");
    Invocation.of(signWithKey(signature)).assertSucceeded();
    Invocation again = Invocation.of(signWithKey(signature)).assertSucceeded();
    assertThat(again.out()).contains("3 files").doesNotContain(".tmp");
    assertThat(workspace.content()).containsKey("model/model.sig").hasSize(9 - 1);
  }
}
