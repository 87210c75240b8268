package dev.modelsigning.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.local.DirectorySource;
import dev.modelsigning.manifest.ModelHasher;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Models whose paths are of the provider aws-java-nio-spi-for-s3, which others wrote: its paths of
 * directories end with a slash. It has class loaders of its own, as it brings another SDK.
 */
@WithLocalS3
class ProviderPathTest {

  private static final String PROTOCOL = "s3.spi.endpoint-protocol";
  private static final List<String> NAMES =
      List.of("config.json", "weights/a.bin", "weights/deep/ü/ö.bin", "a b/c d");

  @TempDir private static Path directory;

  private static LocalS3 store;
  private static URLClassLoader loader;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    store = LocalS3.start(LocalS3.Kind.VERSITYGW, directory);
    System.setProperty(PROTOCOL, "http");
    System.setProperty("aws.region", "us-east-1");
    loader = new URLClassLoader(jars(), ClassLoader.getPlatformClassLoader());
    for (String name : NAMES) {
      Path file = directory.resolve("model").resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, name);
      store.put("model/" + name, name.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** A path as its provider makes it from a URI, the only one with the address of the store. */
  private static Path path(String key) {
    FileSystemProvider provider =
        ServiceLoader.load(FileSystemProvider.class, loader).stream()
            .map(ServiceLoader.Provider::get)
            .filter(one -> one.getScheme().equals("s3x"))
            .findFirst()
            .orElseThrow();
    return provider.getPath(
        URI.create(
            "s3x://"
                + LocalS3.ID
                + ":"
                + LocalS3.SECRET
                + "@"
                + store.address().getAuthority()
                + "/"
                + LocalS3.BUCKET
                + "/"
                + key));
  }

  private static URL[] jars() throws IOException {
    List<URL> jars = new ArrayList<>();
    try (DirectoryStream<Path> all =
        Files.newDirectoryStream(LocalS3.program("provider"), "*.jar")) {
      for (Path jar : all) {
        jars.add(url(jar));
      }
    }
    assertThat(jars).as("jars of the provider; integration/s3/install fetches them").isNotEmpty();
    return jars.toArray(URL[]::new);
  }

  private static URL url(Path jar) throws MalformedURLException {
    return jar.toUri().toURL();
  }

  @AfterAll
  static void stop() throws IOException {
    System.clearProperty(PROTOCOL);
    System.clearProperty("aws.region");
    store.close();
    loader.close();
  }

  @Test
  void statesTheSameAsOfADirectory() throws IOException {
    Path model = path("model/");
    assertThat(ModelHasher.withDefaults().hash(model).manifest())
        .isEqualTo(ModelHasher.withDefaults().hash(directory.resolve("model")).manifest());
    assertThat(DirectorySource.of(model).name()).isEqualTo("model");
    assertThat(DirectorySource.of(model).nameOf(model.resolve("weights/a.bin")))
        .contains("weights/a.bin");
  }

  /** The provider takes what does not end with a slash for an object. */
  @Test
  void saysThatThereIsNoFileWithoutTheSlash() {
    Path model = path("model");

    assertThatThrownBy(() -> ModelHasher.withDefaults().hash(model))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("/model");
  }
}
