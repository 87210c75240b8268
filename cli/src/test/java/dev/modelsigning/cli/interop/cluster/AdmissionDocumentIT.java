package dev.modelsigning.cli.interop.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.contentOf;

import dev.modelsigning.cli.testing.DocumentModel;
import dev.modelsigning.cli.testing.DocumentedCommands;
import dev.modelsigning.testing.OnOneJdk;
import dev.modelsigning.testing.RegistryServer;
import dev.modelsigning.testing.Watching;
import dev.modelsigning.testing.WithOciPeers;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of {@code docs/admission.md}, with a real registry. */
@WithOciPeers
@OnOneJdk
class AdmissionDocumentIT {

  @TempDir private Path directory;
  @TempDir private Path place;

  /** The page ends what it starts, if it comes so far. */
  @AfterEach
  void endTheWebhook() throws Exception {
    Path file = directory.resolve("webhook.pid");
    if (Files.exists(file)) {
      ProcessHandle.of(Long.parseLong(Files.readString(file).strip()))
          .ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  @Test
  void runsThePage() throws Exception {
    DocumentModel.write(directory);
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    // In the background, a function would be a process that starts the one to be ended.
    String asProgram =
        """
        model-signing() {
          if [ "$1" = serve ]; then exec "$JAVA" -jar "$JAR" "$@"; fi
          "$JAVA" -jar "$JAR" "$@"
        }
        """;
    DocumentedCommands page =
        new DocumentedCommands("admission.md", directory, asProgram, Map.of());
    try (RegistryServer server = RegistryServer.inMemory(place)) {
      page.runAll(line ->
          line.replace("127.0.0.1:5000", server.address())
              .replace("127.0.0.1:8443", "127.0.0.1:" + port));
    }
    Path log = directory.resolve("webhook.log");
    Watching.until("the webhook ends", () -> contentOf(log.toFile()).contains("\"ended\""));
    assertThat(log).content().contains("\"event\":\"listening\"").contains("\"allowed\":true");
  }

  @Test
  void showsTheWebhookOfTheManifest() throws Exception {
    Path root = Path.of(System.getProperty("modelsigning.root"));
    String[] blocks = Files.readString(root.resolve("docs/admission.md")).split("```yaml\n", -1);
    assertThat(blocks).hasSize(2);
    assertThat(root.resolve("examples/admission/webhook.yaml"))
        .content()
        .endsWith("---\n" + blocks[1].substring(0, blocks[1].indexOf("```")));
  }
}
