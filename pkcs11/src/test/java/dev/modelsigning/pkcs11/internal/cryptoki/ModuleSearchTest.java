package dev.modelsigning.pkcs11.internal.cryptoki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.modelsigning.pkcs11.internal.uri.TokenUri;
import dev.modelsigning.signing.SigningException;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where modules are searched for. */
class ModuleSearchTest {

  @TempDir private Path directory;
  private ModuleSearch search;

  @BeforeEach
  void makeDirectories() throws IOException {
    search =
        new ModuleSearch(
            List.of(directory.resolve("registry"), directory.resolve("absent")),
            List.of(directory.resolve("first"), directory.resolve("second")));
  }

  private Path write(String name, String content) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  private Path find(String uri) throws Exception {
    return search.find(TokenUri.parse(uri), null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"softhsm2", "libsofthsm2", "libsofthsm2.so", "SoftHSM2"})
  void findsAModuleByItsName(String name) throws Exception {
    write("first/libother.so", "");
    Path module = write("second/libsofthsm2.so", "");
    assertThat(find("pkcs11:?module-name=" + name)).isEqualTo(module);
  }

  @Test
  void prefersWhatP11KitKnows() throws Exception {
    write("first/libx.so", "");
    Path module = write("elsewhere/lib-of-x.so", "");
    write("registry/x.module", "# comment\npriority: 1\nmodule: " + module + "\n");
    assertThat(find("pkcs11:?module-name=x")).isEqualTo(module);
    assertThat(find("pkcs11:?module-name=lib-of-x")).isEqualTo(module);
  }

  @Test
  void looksForARelativeModuleOfP11KitInTheDirectories() throws Exception {
    Path module = write("second/opensc-pkcs11.so", "");
    write("registry/opensc.module", "module: opensc-pkcs11.so");
    assertThat(find("pkcs11:?module-name=opensc")).isEqualTo(module);
  }

  @Test
  void looksForARelativeModuleOfP11KitNowhereElse() throws Exception {
    Path here = Files.createTempFile(Path.of("").toAbsolutePath(), "module", ".so");
    try {
      write("outside.so", "");
      for (String module :
          List.of("" + here.getFileName(), "./" + here.getFileName(), "../outside.so")) {
        write("registry/x.module", "module: " + module);
        assertThatThrownBy(() -> find("pkcs11:?module-name=x"))
            .isInstanceOf(SigningException.class)
            .hasMessageContaining("no PKCS #11 module 'x' was found");
      }
    } finally {
      Files.delete(here);
    }
  }

  @Test
  void refusesAConfigurationThatOthersCanWriteTo() throws Exception {
    assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
    Path module = write("elsewhere/libx.so", "");
    Path entry = write("registry/x.module", "module: " + module);
    write("first/p11-kit-proxy.so", "");
    for (Path writable : List.of(entry, entry.getParent())) {
      Set<PosixFilePermission> before = Files.getPosixFilePermissions(writable);
      Files.setPosixFilePermissions(writable, PosixFilePermissions.fromString("rwxrwxrwx"));
      for (String uri : List.of("pkcs11:?module-name=x", "pkcs11:token=a")) {
        assertThatThrownBy(() -> find(uri))
            .isInstanceOf(IOException.class)
            .hasMessageContainingAll(
                entry.toString(), "can be written to by others", "which PKCS #11 module is loaded");
      }
      Files.setPosixFilePermissions(writable, before);
    }
    assertThat(find("pkcs11:?module-name=x")).isEqualTo(module);
  }

  @Test
  void passesOverWhatIsNoConfiguration() throws Exception {
    Files.createDirectories(directory.resolve("registry/x.module"));
    write("registry/y.module", "module: a\u0000b");
    assertThatThrownBy(() -> find("pkcs11:?module-name=x"))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("no PKCS #11 module 'x' was found");
  }

  @ParameterizedTest
  @ValueSource(strings = {"libm.so", "./libm.so", "a/libm.so", ".", ""})
  void refusesARelativePathInAUri(String path) {
    assertThatThrownBy(() -> find("pkcs11:token=a?module-path=" + path))
        .isInstanceOf(SigningException.class)
        .hasMessageContainingAll("module-path in the PKCS #11 URI: expected an absolute path");
  }

  @Test
  void takesARelativePathOfTheUserFromTheCurrentDirectory() throws Exception {
    assertThat(search.find(TokenUri.parse("pkcs11:"), Path.of("libm.so")))
        .isEqualTo(Path.of("libm.so").toAbsolutePath());
  }

  @Test
  void takesTheEndingOfANameIfThereIsOneOnly() throws Exception {
    Path module = write("first/opensc-pkcs11.so", "");
    write("first/libotherpkcs11.so", "");
    assertThat(find("pkcs11:?module-name=pkcs11")).isEqualTo(module);
    write("second/onepin-pkcs11.so", "");
    assertThatThrownBy(() -> find("pkcs11:?module-name=pkcs11"))
        .isInstanceOf(SigningException.class)
        .hasMessageContainingAll(
            "2 PKCS #11 modules end with 'pkcs11': ", "opensc-pkcs11.so", "onepin-pkcs11.so");
  }

  @Test
  void saysWhereItLooked() throws Exception {
    write("first/libx.so", "");
    assertThatThrownBy(() -> find("pkcs11:?module-name=y"))
        .isInstanceOf(SigningException.class)
        .hasMessage(
            "no PKCS #11 module 'y' was found in "
                + directory.resolve("first")
                + "; name its file with ?module-path=FILE in the URI");
  }

  @Test
  void takesP11KitIfNoModuleIsNamed() throws Exception {
    assertThatThrownBy(() -> find("pkcs11:token=a"))
        .isInstanceOf(SigningException.class)
        .hasMessageContainingAll("names no module", "?module-name=NAME", "install p11-kit");
    Path proxy = write("second/p11-kit-proxy.so", "");
    assertThat(find("pkcs11:token=a")).isEqualTo(proxy);
  }

  @Test
  void takesAPath() throws Exception {
    Path module = write("any/libm.so", "");
    assertThat(find("pkcs11:?module-path=" + module)).isEqualTo(module);
    assertThat(find("pkcs11:?module-path=" + module.getParent() + "&module-name=m"))
        .isEqualTo(module);
    assertThat(search.find(TokenUri.parse("pkcs11:"), module)).isEqualTo(module);
    assertThat(search.find(TokenUri.parse("pkcs11:?module-name=m"), module.getParent()))
        .isEqualTo(module);
    assertThatThrownBy(() -> find("pkcs11:?module-path=" + module.getParent()))
        .hasMessageContaining("is a directory, expected the file of a PKCS #11 module");
    assertThatThrownBy(() ->
            search.find(
                TokenUri.parse("pkcs11:?module-path=" + module), directory.resolve("other")))
        .hasMessageContaining("but the module was also given as");
  }

  @Test
  void refusesWhatIsNoModule() throws Exception {
    Path text = write("libtext.so", "no library");
    assertThatThrownBy(() -> ModuleLoader.load(text))
        .isInstanceOf(SigningException.class)
        .hasMessageStartingWith(text + ": cannot be loaded as a PKCS #11 module: ");
    assertThatThrownBy(() -> ModuleLoader.load(directory))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is not a file, expected a PKCS #11 module");
    assertThatThrownBy(() -> ModuleLoader.load(directory.resolve("absent.so")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("does not exist, expected a PKCS #11 module");
  }

  @Test
  void refusesALibraryOfAnotherKind() {
    Path library = Path.of(System.getProperty("java.home"), "lib", "libverify.so");
    assumeTrue(Files.exists(library), "needs a library of the JDK for Linux");
    assertThatThrownBy(() -> ModuleLoader.load(library))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("is not a PKCS #11 module, since it has no C_GetFunctionList");
  }

  @Test
  void knowsThePlacesOfThisPlatform() throws Exception {
    assertThat(ModuleDirectories.ofThisPlatform().directories()).isNotEmpty();
  }
}
