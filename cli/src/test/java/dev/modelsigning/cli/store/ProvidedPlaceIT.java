package dev.modelsigning.cli.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.cli.testing.DocumentModel;
import dev.modelsigning.cli.testing.ToolProcess;
import dev.modelsigning.s3.LocalS3;
import dev.modelsigning.s3.WithLocalS3;
import dev.modelsigning.testing.OnOneJdk;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged tool with a file system provider on its class path that others wrote,
 * aws-java-nio-spi-for-s3, and versitygw.
 */
@EnabledOnOs(OS.LINUX)
@OnOneJdk
@WithLocalS3
class ProvidedPlaceIT {

  @TempDir private Path directory;

  private Path model;

  @BeforeEach
  void write() throws IOException {
    DocumentModel.writeKeys(directory);
    model = DocumentModel.write(directory);
    Files.createDirectory(directory.resolve("store"));
  }

  private ToolProcess.Ended run(Object... args) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>();
    Collections.addAll(
        line,
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-Ds3.spi.endpoint-protocol=http",
        "-Daws.region=us-east-1",
        "-cp",
        classPath(),
        "dev.modelsigning.cli.Main");
    Arrays.stream(args).map(Object::toString).forEach(line::add);
    try (ToolProcess process = ToolProcess.start(directory, line)) {
      return process.await();
    }
  }

  private static String classPath() throws IOException {
    try (Stream<Path> jars = Files.list(LocalS3.provider())) {
      return Stream.concat(Stream.of(ToolProcess.packagedJar()), jars.sorted())
          .map(Path::toString)
          .collect(Collectors.joining(File.pathSeparator));
    }
  }

  @Test
  void signsAndVerifiesWhatTheProviderNames() throws Exception {
    try (LocalS3 store = LocalS3.start(LocalS3.Kind.VERSITYGW, directory.resolve("store"))) {
      store.putAll(model, "bert/");
      String place = store.address().getAuthority() + "/" + LocalS3.BUCKET + "/bert/";
      String uri = "s3x://" + store.credentials() + "@" + place;
      Path signature = directory.resolve("bert.sig");

      ToolProcess.Ended signed =
          run(
              "sign",
              "key",
              uri,
              "--private-key",
              directory.resolve("key.pem"),
              "--signature",
              signature);
      signed.assertSucceeded();
      assertThat(signed.out()).contains("verify key s3x://" + place).doesNotContain("SECRET");
      assertThat(signed.err()).doesNotContain("SECRET");
      run(
              "verify",
              "key",
              uri,
              "--public-key",
              directory.resolve("key.pub"),
              "--signature",
              signature)
          .assertSucceeded();

      Files.move(model, directory.resolve("bert"));
      Path other = directory.resolve("here.sig");
      run(
              "sign",
              "key",
              directory.resolve("bert"),
              "--private-key",
              directory.resolve("key.pem"),
              "--signature",
              other)
          .assertSucceeded();
      assertThat(Bundle.read(signature).envelope().payload())
          .isEqualTo(Bundle.read(other).envelope().payload());

      store.put("bert/config.json", "{}");
      ToolProcess.Ended refused =
          run(
              "verify",
              "key",
              uri,
              "--public-key",
              directory.resolve("key.pub"),
              "--signature",
              signature);
      refused.assertFailed("config.json");
      assertThat(refused.err()).doesNotContain("SECRET");
    }
  }

  @Test
  void saysThatNothingKnowsAScheme() throws Exception {
    run("sign", "key", "gs://bucket/bert/", "--private-key", directory.resolve("key.pem"))
        .assertFailed("gs://", "MODEL_SIGNING_CLASSPATH");
  }

  /** What the URI has may be a password. */
  @Test
  void doesNotShowAUriThatTheProviderRefuses() throws Exception {
    ToolProcess.Ended refused =
        run(
            "sign",
            "key",
            "s3x://AKIDEXAMPLE:SECRET of this@localhost/bucket/",
            "--private-key",
            directory.resolve("key.pem"));
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err()).contains("s3x://", "URI").doesNotContain("SECRET");
  }
}
