package dev.modelsigning.cli.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Workspace;
import dev.modelsigning.cli.testing.ToolProcess;
import dev.modelsigning.testing.OnOneJdk;
import dev.modelsigning.testing.TestHttpServer;
import dev.modelsigning.testing.TimedProcess;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged tool with the SDK of OpenTelemetry on its class path, and a collector. */
@OnOneJdk
class SpansIT {

  @TempDir private Path directory;

  /** What a user adds by {@code MODEL_SIGNING_CLASSPATH}. */
  private static String sdk() {
    return String.join(
        File.pathSeparator,
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .filter(jar -> jar.contains("opentelemetry-") && jar.endsWith(".jar"))
            .toList());
  }

  private Process verify(Workspace workspace, String collector) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(ToolProcess.java(ToolProcess.packagedJar()).get(0));
    command.addAll(
        List.of(
            "-cp",
            ToolProcess.packagedJar() + File.pathSeparator + sdk(),
            "dev.modelsigning.cli.Main",
            "verify",
            "key",
            workspace.model().toString(),
            "--signature",
            workspace.signature().toString(),
            "--public-key",
            workspace.publicKey().toString()));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(directory.resolve("out").toFile())
            .redirectError(directory.resolve("err").toFile());
    builder.environment().put("OTEL_JAVA_GLOBAL_AUTOCONFIGURE_ENABLED", "true");
    builder.environment().put("OTEL_TRACES_EXPORTER", "otlp");
    builder.environment().put("OTEL_METRICS_EXPORTER", "none");
    builder.environment().put("OTEL_LOGS_EXPORTER", "none");
    builder.environment().put("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
    builder.environment().put("OTEL_EXPORTER_OTLP_ENDPOINT", collector);
    builder.environment().put("OTEL_EXPORTER_OTLP_TIMEOUT", "2000");
    return TimedProcess.start(builder);
  }

  @Test
  void sendsASpanToACollector() throws Exception {
    Workspace workspace = Workspace.in(directory);
    workspace.sign().assertSucceeded();
    try (TestHttpServer collector = new TestHttpServer(TestHttpServer.answering(200, ""))) {
      Process process = verify(workspace, "http://127.0.0.1:" + collector.port());
      assertThat(process.waitFor()).as(Files.readString(directory.resolve("err"))).isZero();
      assertThat(collector.requests()).hasSize(1);
      assertThat(collector.requests().get(0).path()).isEqualTo("/v1/traces");
    }
    assertThat(directory.resolve("out")).content().startsWith("Verification succeeded");
  }

  /** A verdict waits for no collector for long, and does not depend on it. */
  @Test
  void verifiesIfTheCollectorIsNotThere() throws Exception {
    Workspace workspace = Workspace.in(directory);
    workspace.sign().assertSucceeded();
    Process process = verify(workspace, "http://127.0.0.1:1");
    assertThat(process.waitFor()).as(Files.readString(directory.resolve("err"))).isZero();
    assertThat(directory.resolve("out")).content().startsWith("Verification succeeded");
    assertThat(directory.resolve("err")).isEmptyFile();
  }
}
