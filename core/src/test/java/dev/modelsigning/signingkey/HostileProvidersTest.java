package dev.modelsigning.signingkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.UnusableTrustException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.Set;
import org.example.AcmeKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Providers with unexpected failures: each is named, and the others work. */
class HostileProvidersTest {

  private static final URI KEY = URI.create("acme:good");

  private final List<String> warnings = new ArrayList<>();
  private final KeyContext context =
      KeyContext.withDefaults().withFindings(finding -> warnings.add(finding.message()));

  // --- what is thrown

  /** An error of a kind that only its provider knows. */
  private static final class OwnError extends Error {
    private static final long serialVersionUID = 1L;
  }

  static List<Throwable> thrown() {
    return List.of(
        new ServiceConfigurationError("a service of the provider"),
        new OwnError(),
        new IllegalStateException("broken"),
        new SocketTimeoutException("Read timed out"));
  }

  /** Throws anything at all, as code that was compiled elsewhere can. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T extends Throwable, R> R sneak(Throwable any) throws T {
    throw (T) any;
  }

  /** Throws the same exception from every method. */
  private static final class Throwing extends AcmeKeys {
    private final Throwable any;

    Throwing(Throwable any) {
      this.any = any;
    }

    @Override
    public SigningKey open(URI key, KeyContext context) {
      return HostileProvidersTest.<RuntimeException, SigningKey>sneak(any);
    }

    @Override
    public PublicKey publicKey(URI key, KeyContext context) {
      return HostileProvidersTest.<RuntimeException, PublicKey>sneak(any);
    }

    @Override
    public List<Path> files(URI key, KeyContext context) {
      return HostileProvidersTest.<RuntimeException, List<Path>>sneak(any);
    }
  }

  @ParameterizedTest
  @MethodSource("thrown")
  void namesAProviderWhateverItThrows(Throwable any) {
    KeyProviders providers = KeyProviders.of(new Throwing(any));
    assertThatThrownBy(() -> providers.open(KEY, context))
        .isInstanceOfAny(SigningException.class, IOException.class)
        .hasMessageContaining("HostileProvidersTest$Throwing");
    assertThatThrownBy(() -> providers.publicKey(KEY, context))
        .isInstanceOfAny(UnusableTrustException.class, IOException.class)
        .hasMessageContaining("HostileProvidersTest$Throwing");
    assertThatThrownBy(() -> providers.files(KEY, context))
        .isInstanceOfAny(InvalidKeyException.class, IOException.class)
        .hasMessageContaining("HostileProvidersTest$Throwing");
  }

  @Test
  void leavesToTheProcessThatItIsOutOfMemory() {
    KeyProviders providers = KeyProviders.of(new Throwing(new OutOfMemoryError()));
    assertThatThrownBy(() -> providers.open(KEY, context)).isInstanceOf(OutOfMemoryError.class);
  }

  // --- what is in a collection

  /** Gives these schemes and files. */
  private static final class Listing extends AcmeKeys {
    private final Set<String> schemes;
    private final List<Path> files;

    Listing(Set<String> schemes, List<Path> files) {
      this.schemes = schemes;
      this.files = files;
    }

    @Override
    public Set<String> uriSchemes() {
      return schemes;
    }

    @Override
    public List<Path> files(URI key, KeyContext context) {
      return files;
    }
  }

  /** A set that cannot be iterated. */
  private static final class BrokenSet extends AbstractSet<String> {
    @Override
    public Iterator<String> iterator() {
      throw new IllegalStateException("broken");
    }

    @Override
    public int size() {
      return 1;
    }
  }

  static List<Set<String>> brokenSchemes() {
    return Arrays.asList(
        null,
        new HashSet<>(Arrays.asList("acme", null)),
        new BrokenSet(),
        Set.of(),
        Set.of("ACME"));
  }

  @ParameterizedTest
  @MethodSource("brokenSchemes")
  void passesOverAProviderWithoutUsableSchemes(Set<String> schemes) throws Exception {
    KeyProviders providers = KeyProviders.of(new Listing(schemes, List.of()), new AcmeKeys());
    providers.open(KEY, context).close();
    assertThat(warnings)
        .singleElement()
        .satisfies(text ->
            assertThat(text)
                .containsOnlyOnce("HostileProvidersTest$Listing")
                .doesNotEndWith(": null"));
  }

  @Test
  void namesAProviderWhoseFilesAreNone() {
    KeyProviders providers =
        KeyProviders.of(new Listing(Set.of("acme"), Arrays.asList(Path.of("a"), null)));
    assertThatThrownBy(() -> providers.files(KEY, context))
        .isInstanceOf(InvalidKeyException.class)
        .hasMessageContainingAll("HostileProvidersTest$Listing", "files");
  }

  // --- keys

  /** A key that counts how often it was closed. */
  private static class CountedKey implements SigningKey {
    int closed;

    @Override
    public SignatureScheme scheme() {
      return EcdsaScheme.P256;
    }

    @Override
    public Optional<PublicKey> publicKey() {
      return Optional.empty();
    }

    @Override
    public Bytes sign(Bytes message) throws IOException, SigningException {
      throw new SigningException("not asked for");
    }

    @Override
    public void close() {
      closed++;
    }
  }

  /** A public key that fails on access. */
  private static final class BrokenKey implements PublicKey {
    private static final long serialVersionUID = 1L;

    @Override
    public String getAlgorithm() {
      throw new IllegalStateException("broken");
    }

    @Override
    public String getFormat() {
      throw new IllegalStateException("broken");
    }

    @Override
    public byte[] getEncoded() {
      throw new IllegalStateException("broken");
    }
  }

  /** A scheme without a name. */
  private static final class Unnamed implements SignatureScheme {
    @Override
    public String name() {
      return null;
    }

    @Override
    public Optional<String> prehash() {
      return Optional.empty();
    }

    @Override
    public void verify(PublicKey key, Bytes message, Bytes signature) {}
  }

  private static KeyProviders giving(SigningKey key, PublicKey publicKey) {
    return KeyProviders.of(new Giving(key, publicKey));
  }

  /** Gives these keys. */
  private static final class Giving extends AcmeKeys {
    private final SigningKey key;
    private final PublicKey publicKey;

    Giving(SigningKey key, PublicKey publicKey) {
      this.key = key;
      this.publicKey = publicKey;
    }

    @Override
    public SigningKey open(URI uri, KeyContext context) {
      return key;
    }

    @Override
    public PublicKey publicKey(URI uri, KeyContext context) {
      return publicKey;
    }
  }

  @Test
  void closesAKeyWhosePublicKeyFailsAndNamesItsProvider() {
    CountedKey key =
        new CountedKey() {
          @Override
          public SignatureScheme scheme() {
            return new SignatureScheme() {
              @Override
              public String name() {
                return "own";
              }

              @Override
              public Optional<String> prehash() {
                return Optional.empty();
              }

              @Override
              public void verify(PublicKey any, Bytes message, Bytes signature) {}
            };
          }

          @Override
          public Optional<PublicKey> publicKey() {
            return Optional.of(new BrokenKey());
          }
        };
    assertThatThrownBy(() -> giving(key, new BrokenKey()).open(KEY, context))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("HostileProvidersTest$Giving");
    assertThat(key.closed).isEqualTo(1);
  }

  @Test
  void closesAKeyWhoseSchemeHasNoNameAndNamesItsProvider() {
    CountedKey key =
        new CountedKey() {
          @Override
          public SignatureScheme scheme() {
            return new Unnamed();
          }
        };
    assertThatThrownBy(() -> giving(key, new BrokenKey()).open(KEY, context))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("HostileProvidersTest$Giving");
    assertThat(key.closed).isEqualTo(1);
  }

  @Test
  void namesTheProviderOfAPublicKeyThatCannotBeUsed() throws Exception {
    PublicKey rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair().getPublic();
    for (PublicKey each : List.of(rsa, new BrokenKey())) {
      KeyProviders providers = giving(new CountedKey(), each);
      assertThatThrownBy(() -> providers.verifyingKey(KEY, context))
          .isInstanceOf(UnusableTrustException.class)
          .hasMessageContaining("HostileProvidersTest$Giving");
    }
  }
}
