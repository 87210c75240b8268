package dev.modelsigning.signingkey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.example.AcmeKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which providers are found, when they are loaded, and how failing ones are named. */
class InstalledProvidersTest {

  private static final URI KEY = URI.create("acme:good");

  private final List<String> warnings = new ArrayList<>();
  private final KeyContext context =
      KeyContext.withDefaults().withFindings(finding -> warnings.add(finding.message()));

  /** An error of a kind that only its provider knows. */
  private static final class OwnError extends Error {
    private static final long serialVersionUID = 1L;
  }

  @TempDir private Path directory;

  /** Loads providers of these classes. */
  private KeyProviders withServices(Class<?>... classes) throws IOException {
    Path services = Files.createDirectories(directory.resolve("jar/META-INF/services"));
    Files.write(
        services.resolve(KeyProvider.class.getName()),
        Arrays.stream(classes).map(Class::getName).toList());
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    URL[] urls = {directory.resolve("jar").toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(urls, before)) {
      return loadedBy(loader);
    }
  }

  private static KeyProviders loadedBy(ClassLoader loader) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try {
      KeyProviders installed = KeyProviders.installed();
      assertThat(installed.schemes()).contains("file");
      return installed;
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** Needs a jar that is not there. */
  public static final class WithoutItsJar extends AcmeKeys {
    /** Throws what a JVM throws where a class of another jar is missing. */
    public WithoutItsJar() {
      throw new NoClassDefFoundError("org/acme/Client");
    }
  }

  /** Fails when its class is used. */
  public static final class BrokenClass extends AcmeKeys {
    private static final int NUMBER = Integer.parseInt("broken");

    /** Fails before this. */
    public BrokenClass() {
      assertThat(NUMBER).isZero();
    }
  }

  /** Fails with an error that the loader of services does not know. */
  public static final class WithOwnError extends AcmeKeys {
    /** Throws an error that no library catches by its class. */
    public WithOwnError() {
      throw new OwnError();
    }
  }

  @ParameterizedTest
  @ValueSource(classes = {WithoutItsJar.class, BrokenClass.class, WithOwnError.class})
  void namesAProviderThatCannotBeMadeAndUsesTheOthers(Class<?> type) throws Exception {
    KeyProviders installed = withServices(type, AcmeKeys.class);
    installed.open(KEY, context).close();
    assertThat(warnings)
        .singleElement()
        .satisfies(text -> assertThat(text).contains(type.getName()));
  }

  @Test
  void saysOnceWhichProvidersCannotBeUsed() throws Exception {
    KeyProviders installed = withServices(WithoutItsJar.class, AcmeKeys.class);
    installed.files(KEY, context);
    installed.open(KEY, context).close();
    assertThat(warnings).hasSize(1);
  }

  @Test
  void knowsFilesWhateverClassesTheThreadSees() {
    assertThat(loadedBy(ClassLoader.getPlatformClassLoader()).schemes()).contains("file");
    assertThat(loadedBy(null).schemes()).contains("file");
  }

  /** Says that it was made. */
  public static final class Loud extends AcmeKeys {
    private static int made;

    /** Counts how often providers of this class are made. */
    public Loud() {
      made++;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"C:\\keys\\key.pem", "c:key", "a b:c", "keys/a:b", "schlüssel:x", "1a:x"})
  void looksForNoProviderWhereAPathCanBeNoUri(String text) throws Exception {
    Path services = Files.createDirectories(directory.resolve("jar/META-INF/services"));
    Files.write(services.resolve(KeyProvider.class.getName()), List.of(Loud.class.getName()));
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    URL[] urls = {directory.resolve("jar").toUri().toURL()};
    Loud.made = 0;
    try (URLClassLoader loader = new URLClassLoader(urls, before)) {
      thread.setContextClassLoader(loader);
      assertThat(KeyProviders.installed().uri(text)).isEmpty();
      assertThat(Loud.made).isZero();
      assertThat(KeyProviders.installed().uri("other:x")).isEmpty();
      assertThat(Loud.made).isEqualTo(1);
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
