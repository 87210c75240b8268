package dev.modelsigning.signingkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.ModelVerifier;
import dev.modelsigning.certificate.CertificateSigner;
import dev.modelsigning.key.KeyPairFiles;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.key.KeyVerifier;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.testing.Models;
import dev.modelsigning.testing.TestCertificate;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.PublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.example.AcmeKeys;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys by their URI, and providers of all kinds. */
class KeyProvidersTest {

  private static final String ACME = "the key provider org.example.AcmeKeys";

  @TempDir private Path directory;
  private Path model;
  private Path signature;

  private final KeyProviders acme = KeyProviders.of(new AcmeKeys());
  private final List<String> warnings = new ArrayList<>();
  private final KeyContext context =
      KeyContext.withDefaults().withFindings(finding -> warnings.add(finding.message()));

  @BeforeEach
  void writeModel() throws IOException {
    model = Models.write(directory.resolve("model"), "a", "alpha");
    signature = directory.resolve("model.sig");
  }

  private void sign(String uri) throws Exception {
    try (SigningKey key = acme.open(URI.create(uri), context)) {
      ModelSigner.using(KeySigner.using(key)).sign(model, signature);
    }
  }

  // --- which key a text names

  @ParameterizedTest
  @ValueSource(
      strings = {
        "key.pem",
        "./acme:x",
        "../acme:x",
        "/keys/acme:x",
        "./a://b",
        "/a://b",
        "nosuch:x",
        "C:\\keys\\key.pem",
        "a/acme:x",
        ":x",
        "acme",
        ""
      })
  void takesEverythingElseForAPath(String text) throws Exception {
    assertThat(acme.uri(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"acme:x", "ACME:x", "acme://host/x", "acme:/x", "acme:x?pin=1#f"})
  void takesAKnownSchemeWithAColonForAUri(String text) throws Exception {
    assertThat(acme.uri(text)).contains(URI.create(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"nosuch://x", "c://x", "no such://x", "a/b://x"})
  void namesTheKnownSchemesWhereOneIsUnknown(String text) {
    assertThatThrownBy(() -> acme.uri(text))
        .isInstanceOf(InvalidKeyException.class)
        .hasMessageContainingAll("no key provider knows the scheme", "known schemes: acme");
  }

  @Test
  void saysWhereAUriIsDamagedAndDoesNotShowIt() {
    assertThatThrownBy(() -> acme.uri("acme:x?pin-value=12 34"))
        .isInstanceOf(InvalidKeyException.class)
        .hasMessageContaining("is damaged at character 20")
        .hasMessageNotContaining("12")
        .hasNoCause();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-1S"})
  void refusesATimeoutThatNothingCanKeepTo(Duration timeout) {
    assertThatThrownBy(() -> context.withTimeout(timeout))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected a time-out greater than zero, found " + timeout);
  }

  // --- what is installed

  @Test
  void opensKeyFilesByUri() throws Exception {
    Path file = directory.resolve("a key.pem");
    Path publicFile = directory.resolve("a key.pub");
    KeyPairFiles.generate(EcdsaScheme.P256, file, publicFile);
    KeyProviders installed = KeyProviders.installed();
    assertThat(installed.schemes()).contains("file");
    assertThat(installed.uri("file:key.pem")).contains(URI.create("file:key.pem"));
    URI key = installed.uri(file.toUri().toString()).orElseThrow();
    assertThat(installed.files(key, context)).containsExactly(file);
    try (SigningKey opened = installed.open(key, context)) {
      ModelSigner.using(KeySigner.using(opened)).sign(model, signature);
    }
    PublicKey publicKey = installed.publicKey(publicFile.toUri(), context);
    ModelVerifier.using(KeyVerifier.using(publicKey)).verify(model, signature);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file://host/key.pem",
        "file://user:SECRET@localhost/key.pem",
        "file:/key.pem?SECRET",
        "file:key.pem?SECRET",
        "file:k#SECRET",
        "file:///k?SECRET",
        "file:%ff.pem",
        "file:a%00b",
        "file:/a%00b"
      })
  void refusesAFileUriThatNamesNoFileHere(String uri) {
    KeyProviders installed = KeyProviders.installed();
    assertThatThrownBy(() ->
            installed.publicKey(
                installed.uri(uri).orElseThrow(() -> new AssertionError()), context))
        .isInstanceOf(UnusableTrustException.class)
        .hasMessageStartingWith("expected the URI of a file on this machine")
        .hasMessageNotContaining("SECRET");
  }

  @Test
  void refusesAUriOfNoFileAtAll() {
    assertThatThrownBy(() -> KeyProviders.installed().uri("file:"))
        .isInstanceOf(InvalidKeyException.class)
        .hasMessageContaining("('file') is damaged at character 6");
  }

  @ParameterizedTest
  @CsvSource({
    "file:/keys/key.pem, /keys/key.pem",
    "FILE:///keys/key.pem, /keys/key.pem",
    "file://localhost/keys/a%20key.pem, /keys/a key.pem",
    "file://LOCALHOST/keys/key.pem, /keys/key.pem",
    "file:////keys//key.pem, /keys/key.pem",
    "file:/keys/%C3%A4, /keys/ä",
    "file:keys/a%20key.pem, keys/a key.pem",
    "file:../key.pem, ../key.pem",
    "file:pkcs11:x, pkcs11:x",
    "file:%C3%A4, ä"
  })
  void opensTheFileThatAUriNames(String uri, Path file) throws Exception {
    KeyProviders installed = KeyProviders.installed();
    URI key = installed.uri(uri).orElseThrow(() -> new AssertionError());
    assertThat(installed.files(key, context)).containsExactly(file);
  }

  @Test
  void takesTheBytesOfAFilesNameAsTheyAre() throws Exception {
    Path file = Path.of(URI.create("file:///keys/%ff.pem"));
    URI key = KeyProviders.installed().uri("file:/keys/%ff.pem").orElseThrow();
    assertThat(KeyProviders.installed().files(key, context)).containsExactly(file);
  }

  /** Loads providers with these lines in the file of services of a jar. */
  private KeyProviders withServices(String... names) throws IOException {
    Path services = Files.createDirectories(directory.resolve("jar/META-INF/services"));
    Files.write(services.resolve(KeyProvider.class.getName()), List.of(names));
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    URL[] urls = {directory.resolve("jar").toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(urls, before)) {
      thread.setContextClassLoader(loader);
      KeyProviders installed = KeyProviders.installed();
      assertThat(installed.schemes()).contains("file");
      return installed;
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** Names no scheme that could begin a URI. */
  public static final class Nameless extends AcmeKeys {
    @Override
    public Set<String> uriSchemes() {
      return Set.of("A");
    }
  }

  /** Fails when it is made. */
  public static final class Failing extends AcmeKeys {
    /** Throws an unchecked exception, which the loader of services wraps. */
    public Failing() {
      throw new IllegalStateException("broken");
    }
  }

  @Test
  void namesAProviderThatCannotBeLoadedAndUsesTheOthers() throws Exception {
    KeyProviders installed =
        withServices(
            "org.example.Missing",
            Failing.class.getName(),
            Nameless.class.getName(),
            AcmeKeys.class.getName());
    assertThat(installed.schemes()).contains("acme", "file");
    installed.open(URI.create("acme:good"), context).close();
    assertThat(warnings)
        .hasSize(3)
        .anySatisfy(text -> assertThat(text).contains("org.example.Missing"))
        .anySatisfy(text -> assertThat(text).contains("KeyProvidersTest$Failing", "broken"))
        .anySatisfy(text -> assertThat(text).contains("KeyProvidersTest$Nameless", "'A'"));
    assertThatThrownBy(() -> installed.uri("nosuch://x"))
        .hasMessageContainingAll("org.example.Missing", "KeyProvidersTest$Failing", "acme");
  }

  @Test
  void survivesAFileOfServicesThatIsDamaged() throws Exception {
    assertThat(withServices("this is: no name").schemes()).contains("file");
  }

  /** Wants the same scheme. */
  public static final class Twin extends AcmeKeys {}

  @Test
  void refusesASchemeWithTwoProvidersAndNamesBoth() {
    KeyProviders both = KeyProviders.of(new AcmeKeys(), new Twin());
    String[] names = {"org.example.AcmeKeys", "KeyProvidersTest$Twin", "'acme'"};
    assertThatThrownBy(() -> both.open(URI.create("acme:good"), context))
        .isInstanceOf(SigningException.class)
        .hasMessageContainingAll(names);
    assertThatThrownBy(() -> both.publicKey(URI.create("acme:good"), context))
        .isInstanceOf(UnusableTrustException.class)
        .hasMessageContainingAll(names);
  }

  @Test
  void refusesAProviderInPlaceOfOneOfOurs() throws Exception {
    KeyProviders installed = withServices(OtherFiles.class.getName());
    assertThatThrownBy(() -> installed.open(URI.create("file:key.pem"), context))
        .isInstanceOf(SigningException.class)
        .hasMessageContainingAll("FileKeyProvider", "KeyProvidersTest$OtherFiles");
  }

  /** Wants files. */
  public static final class OtherFiles extends AcmeKeys {
    @Override
    public Set<String> uriSchemes() {
      return Set.of("file");
    }
  }

  // --- what providers do

  @Test
  void signsAndVerifiesWithTheKeyOfAProvider() throws Exception {
    sign("acme:good");
    PublicKey publicKey = acme.publicKey(URI.create("acme:good"), context);
    ModelVerifier.using(KeyVerifier.using(publicKey)).verify(model, signature);
    assertThat(warnings).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "null, returned null from open",
    "throws, failed in open: java.lang.IllegalStateException: broken",
    "error, failed in open: java.lang.NoClassDefFoundError: org/acme/Missing",
    "refuses, : no such key",
    "no-scheme, returned null from scheme",
    "no-optional, returned null from publicKey",
    "public-key-throws, failed in publicKey",
    "no-certificates, failed in certificates",
    "no-public-key, is not known",
    "no-signature, returned null from sign",
    "sign-throws, failed in sign",
    "other-key, does not verify with the public key",
    "other-public-key, does not verify with the public key",
    "rubbish, does not verify with the public key"
  })
  void namesAProviderThatDoesNotDoItsWorkAndWritesNothing(String fault, String words) {
    assertThatThrownBy(() -> sign("acme:" + fault))
        .isInstanceOf(SigningException.class)
        .hasMessageContainingAll(ACME, words);
    assertThat(signature).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "throws"})
  void namesAProviderThatGivesNoPublicKey(String fault) {
    assertThatThrownBy(() -> acme.publicKey(URI.create("acme:" + fault), context))
        .isInstanceOf(UnusableTrustException.class)
        .hasMessageContaining(ACME);
  }

  @Test
  void keepsASignatureWhoseKeyCannotBeClosed() throws Exception {
    sign("acme:close-throws");
    assertThat(signature).exists();
    assertThat(warnings).singleElement().satisfies(text -> assertThat(text).contains(ACME));
  }

  @ParameterizedTest
  @ValueSource(strings = {"good", "no-public-key", "other-key"})
  void namesTheProviderOfAKeyThatIsNotTheCertificates(String fault) throws Exception {
    TestCertificate leaf = TestCertificate.root("CN=Root").signer("CN=Signer");
    try (SigningKey key = acme.open(URI.create("acme:" + fault), context)) {
      assertThatThrownBy(() -> CertificateSigner.using(key, List.of(leaf.certificate())))
          .isInstanceOf(SigningException.class)
          .hasMessageContainingAll(ACME, "is not the one of the certificate");
    }
  }
}
