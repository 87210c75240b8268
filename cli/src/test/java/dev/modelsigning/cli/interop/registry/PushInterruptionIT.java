package dev.modelsigning.cli.interop.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.testing.ToolProcess;
import dev.modelsigning.testing.LossyRelay;
import dev.modelsigning.testing.OnOneJdk;
import dev.modelsigning.testing.RegistryServer;
import dev.modelsigning.testing.RegistryServer.Kind;
import dev.modelsigning.testing.Watching;
import dev.modelsigning.testing.WithOciPeers;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is in a registry when the packaged tool is killed while it pushes or attaches. */
@WithOciPeers
@OnOneJdk
@EnabledOnOs(value = OS.LINUX, disabledReason = "sends signals as on Linux")
@EnabledIf(
    value = "dev.modelsigning.cli.testing.ToolProcess#canStart",
    disabledReason = "needs env (GNU coreutils 8.31) and setsid (util-linux)")
class PushInterruptionIT extends RegistryServers {

  private static final int SIGKILL = 9;
  private static final int CLAIMS = 12;
  private static final int PARTS = 4;
  private static final long LARGE = 300_000_000;

  private static int pushes;

  private Path model;
  private Path signature;
  private Path claims;
  private Path key;
  private Path publicKey;

  @BeforeEach
  void makeModel() throws Exception {
    model = Files.createDirectories(directory.resolve("model"));
    Files.writeString(model.resolve("config.json"), "{}");
    signature = directory.resolve("model.sig");
    claims = directory.resolve("claims.jsonl");
    key = directory.resolve("key.pem");
    publicKey = directory.resolve("key.pub");
    Invocation.of("generate-key", "--private-key", key, "--public-key", publicKey)
        .assertSucceeded();
  }

  private void sign() {
    Invocation.of("sign", "key", model, "--signature", signature, "--private-key", key)
        .assertSucceeded();
  }

  private void attest() throws Exception {
    Path predicate = Files.writeString(directory.resolve("predicate.json"), "{}");
    for (int i = 0; i < CLAIMS; i++) {
      Invocation.of(
              "attest",
              "key",
              model,
              "--signature",
              signature,
              "--private-key",
              key,
              "--predicate",
              predicate,
              "--predicate-type",
              "https://example.com/v" + i,
              "--claims",
              claims)
          .assertSucceeded();
    }
  }

  private ToolProcess push(String address, String rest) throws Exception {
    List<String> command = new ArrayList<>(ToolProcess.java(ToolProcess.packagedJar()));
    command.addAll(List.of("oci", "push", model.toString(), "oci://" + address + "/" + rest));
    return ToolProcess.start(directory, command);
  }

  private static String repository() {
    return "ml/k" + ++pushes;
  }

  private void verify(String reference) {
    Invocation.of("verify", "key", "oci://" + reference, "--public-key", publicKey)
        .assertSucceeded();
  }

  /** The tag is where it was, and the next push does what this one did not. */
  @ParameterizedTest
  @EnumSource
  void theTagStaysOnTheOldModelIfTheNewOneIsNotComplete(Kind kind) throws Exception {
    RegistryServer server = servers.get(kind);
    String rest = repository() + ":1";
    String reference = server.reference(rest);
    sign();
    try (ToolProcess tool = push(server.address(), rest)) {
      tool.await().assertSucceeded();
    }
    String old = tools.crane("digest", reference).succeeds();
    try (RandomAccessFile sparse = new RandomAccessFile(model.resolve("weights").toFile(), "rw")) {
      sparse.setLength(LARGE);
    }
    sign();

    try (LossyRelay relay = new LossyRelay(server.address());
        ToolProcess tool = push(relay.address(), rest)) {
      Watching.until("a part is pushed", () -> relay.sent() > LARGE / 10);
      tool.signal(SIGKILL);
      assertThat(tool.await().status()).isEqualTo(128 + SIGKILL);
      assertThat(relay.sent()).isLessThan(LARGE);
    }

    assertThat(tools.crane("digest", reference).succeeds()).isEqualTo(old);
    verify(reference);
    try (ToolProcess tool = push(server.address(), rest)) {
      tool.await().assertSucceeded();
    }
    assertThat(tools.crane("digest", reference).succeeds()).isNotEqualTo(old);
    verify(reference);
  }

  /** Wherever it is killed, there is no tag, or all that belongs to the model is attached. */
  @ParameterizedTest
  @EnumSource
  void theTagIsThereOnlyWithAllThatIsAttached(Kind kind) throws Exception {
    RegistryServer server = servers.get(kind);
    sign();
    attest();
    long needed = 0;
    // Again, as one of the registries has blobs that were pushed to any repository.
    for (int i = 0; i < 2; i++) {
      try (LossyRelay relay = new LossyRelay(server.address());
          ToolProcess tool = push(relay.address(), repository() + ":1")) {
        tool.await().assertSucceeded();
        needed = relay.sent();
      }
    }
    int absent = 0;
    for (int part = 1; part <= PARTS; part++) {
      String rest = repository() + ":1";
      String reference = server.reference(rest);
      long until = needed * part / (PARTS + 1);
      try (LossyRelay relay = new LossyRelay(server.address());
          ToolProcess tool = push(relay.address(), rest)) {
        Watching.until("a part is attached", () -> relay.sent() >= until);
        tool.signalIfAlive(SIGKILL);
        assertThat(tool.await().status()).isIn(0, 128 + SIGKILL);
      }

      if (tools.crane("digest", reference).status() == 0) {
        assertAllIsAttached(reference);
      } else {
        absent++;
      }
      try (ToolProcess tool = push(server.address(), rest)) {
        tool.await().assertSucceeded();
      }
      assertAllIsAttached(reference);
      verify(reference);
    }
    assertThat(absent).as("how often it was killed before the end").isPositive();
  }

  /** Each once, also after a second push. */
  private static void assertAllIsAttached(String reference) {
    assertThat(Invocation.of("oci", "list", "oci://" + reference).assertSucceeded().out())
        .contains(
            "signatures of the model's files: 1, NOT VERIFIED",
            "attestations: " + CLAIMS + ", NOT VERIFIED");
  }
}
