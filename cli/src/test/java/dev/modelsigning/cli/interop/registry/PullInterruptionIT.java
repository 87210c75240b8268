package dev.modelsigning.cli.interop.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.testing.LibC;
import dev.modelsigning.cli.testing.ToolProcess;
import dev.modelsigning.cli.testing.ToolProcess.Ended;
import dev.modelsigning.testing.LossyRelay;
import dev.modelsigning.testing.OnOneJdk;
import dev.modelsigning.testing.RegistryServer;
import dev.modelsigning.testing.RegistryServer.Kind;
import dev.modelsigning.testing.Watching;
import dev.modelsigning.testing.WithOciPeers;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What there is of a model when the packaged tool ends while it pulls it from a registry. */
@WithOciPeers
@OnOneJdk
@EnabledOnOs(value = OS.LINUX, disabledReason = "sends signals as on Linux")
@EnabledIf(
    value = "dev.modelsigning.cli.testing.ToolProcess#canStart",
    disabledReason = "needs env (GNU coreutils 8.31) and setsid (util-linux)")
class PullInterruptionIT extends RegistryScene {

  private static final int SIGKILL = 9;
  private static final int PARTS = 6;
  private static final long LARGE = 150_000_000;

  private Path output;
  private Path parent;
  private Path copy;

  @BeforeEach
  void makePlaces() throws Exception {
    output = Files.createDirectory(directory.resolve("output"));
    parent = Files.createDirectory(directory.resolve("parent"));
    copy = parent.resolve("copy");
  }

  private void makeLarge() throws IOException {
    try (RandomAccessFile sparse =
        new RandomAccessFile(model.resolve("weights.bin").toFile(), "rw")) {
      sparse.setLength(LARGE);
    }
  }

  /** Pushes the model and signs it; returns what follows the address in a reference. */
  private String pushed(RawRegistry repository, RegistryServer server) throws Exception {
    String reference = push(repository);
    sign(reference).assertSucceeded();
    return plain(reference).substring(server.address().length());
  }

  private ToolProcess pull(String address, String rest) throws Exception {
    List<String> command = new ArrayList<>(ToolProcess.java(ToolProcess.packagedJar()));
    command.addAll(
        List.of(
            "verify",
            "key",
            "oci://" + address + rest,
            "--public-key",
            publicKey.toString(),
            "--pull",
            copy.toString()));
    return ToolProcess.start(output, command);
  }

  private List<String> left() throws IOException {
    try (Stream<Path> entries = Files.list(parent)) {
      return entries.map(entry -> entry.getFileName().toString()).toList();
    }
  }

  private void assertWhole() throws IOException {
    try (Stream<Path> files = Files.walk(model)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(copy.resolve(model.relativize(file).toString())).hasSameBinaryContentAs(file);
      }
    }
  }

  /** Nothing can be removed then; what is left has the name of files that are not complete. */
  @ParameterizedTest
  @EnumSource
  void isNotThereWhenTheToolIsKilled(Kind kind) throws Exception {
    makeLarge();
    RegistryServer server = servers.get(kind);
    String rest = pushed(repository(kind), server);

    try (LossyRelay relay = new LossyRelay(server.address());
        ToolProcess tool = pull(relay.address(), rest)) {
      Watching.until("a part is pulled", () -> relay.received() > LARGE / 10);
      tool.signal(SIGKILL);
      assertThat(tool.await().status()).isEqualTo(128 + SIGKILL);
      assertThat(relay.received()).isLessThan(LARGE);
    }

    assertThat(copy).doesNotExist();
    assertThat(left()).isNotEmpty().allMatch(name -> name.matches("\\.model-signing-.*\\.tmp"));
    // It is in the way of no later copy.
    try (ToolProcess tool = pull(server.address(), rest)) {
      tool.await().assertSucceeded();
    }
    assertWhole();
  }

  @ParameterizedTest
  @EnumSource
  void isRemovedWhenTheToolIsToldToEnd(Kind kind) throws Exception {
    makeLarge();
    RegistryServer server = servers.get(kind);
    String rest = pushed(repository(kind), server);

    try (LossyRelay relay = new LossyRelay(server.address());
        ToolProcess tool = pull(relay.address(), rest)) {
      Watching.until("a part is pulled", () -> relay.received() > LARGE / 10);
      tool.signal(LibC.SIGTERM);
      assertThat(tool.await().status()).isEqualTo(128 + LibC.SIGTERM);
    }

    assertThat(parent).isEmptyDirectory();
  }

  /** Wherever it is killed, from the first request to after the copy has appeared. */
  @ParameterizedTest
  @EnumSource
  void isWholeOrNotThereWheneverTheToolIsKilled(Kind kind) throws Exception {
    RegistryServer server = servers.get(kind);
    String rest = pushed(repository(kind), server);
    long needed;
    try (LossyRelay relay = new LossyRelay(server.address());
        ToolProcess tool = pull(relay.address(), rest)) {
      tool.await().assertSucceeded();
      needed = relay.received();
    }
    int absent = 0;
    for (int part = 1; part <= PARTS; part++) {
      copy = parent.resolve("copy-" + part);
      long until = needed * part / (PARTS + 1);
      Ended ended;
      try (LossyRelay relay = new LossyRelay(server.address());
          ToolProcess tool = pull(relay.address(), rest)) {
        Watching.until("a part is pulled", () -> relay.received() >= until);
        tool.signalIfAlive(SIGKILL);
        ended = tool.await();
      }

      assertThat(ended.status()).as("exit status; %s", ended).isIn(0, 128 + SIGKILL);
      if (Files.exists(copy)) {
        assertWhole();
        continue;
      }
      assertThat(ended.status()).isNotZero();
      absent++;
      try (ToolProcess tool = pull(server.address(), rest)) {
        tool.await().assertSucceeded();
      }
      assertWhole();
    }
    assertThat(absent).as("how often it was killed before the end").isPositive();
  }
}
