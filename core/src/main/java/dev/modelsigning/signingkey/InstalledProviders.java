package dev.modelsigning.signingkey;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.internal.json.Printable;
import java.net.URI;
import java.security.InvalidKeyException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The installed provider for each scheme, and the providers that could not be loaded. */
final class InstalledProviders {

  /**
   * A scheme according to RFC 3986 3.1, but with more than one letter, since one letter is a drive.
   */
  private static final Pattern SCHEME =
      Pattern.compile("[a-z][a-z0-9+.-]+", Pattern.CASE_INSENSITIVE);

  /**
   * More than anybody has installed; a service loader that fails at every step must not loop for
   * ever.
   */
  private static final int MOST = 200;

  /** Schemes that cosign has and this library does not, with the service of each. */
  private static final Map<String, String> LEFT_OUT =
      Map.of("gcpkms", "Google Cloud KMS", "azurekms", "Azure Key Vault");

  /** The largest number of characters of a message from third-party code; the rest is cut off. */
  static final int MOST_WORDS = 500;

  private final Supplier<Found> search;
  private @Nullable Found found;

  /** What was found: providers by scheme, and the errors of others. */
  private record Found(
      TreeMap<String, List<CheckedProvider>> byScheme, LinkedHashSet<String> failures) {}

  private InstalledProviders(Supplier<Found> search) {
    this.search = search;
  }

  static InstalledProviders byServiceLoader() {
    return new InstalledProviders(InstalledProviders::load);
  }

  static InstalledProviders of(List<KeyProvider> providers) {
    return new InstalledProviders(() -> {
      Found result = new Found(new TreeMap<>(), new LinkedHashSet<>());
      providers.forEach(provider -> add(provider, result));
      return result;
    });
  }

  private static Found load() {
    Found result = new Found(new TreeMap<>(), new LinkedHashSet<>());
    Set<Class<?>> seen = new HashSet<>();
    ClassLoader own = KeyProvider.class.getClassLoader();
    ClassLoader ofThread = Thread.currentThread().getContextClassLoader();
    load(ServiceLoader.load(KeyProvider.class), seen, result);
    if (!own.equals(ofThread)) {
      // The context class loader may see the program's jars and not this library, as in a plug-in.
      load(ServiceLoader.load(KeyProvider.class, own), seen, result);
    }
    return result;
  }

  private static void load(ServiceLoader<KeyProvider> loader, Set<Class<?>> seen, Found result) {
    Iterator<KeyProvider> providers = loader.iterator();
    for (int i = 0; i < MOST; i++) {
      try {
        if (!providers.hasNext()) {
          break;
        }
        KeyProvider provider = providers.next();
        if (seen.add(provider.getClass())) {
          add(provider, result);
        }
      } catch (ServiceConfigurationError | LinkageError e) {
        result.failures.add("a key provider cannot be loaded: " + words(e));
      }
    }
  }

  /** The message of a service loader error names the class; its cause has the reason. */
  private static String words(Error e) {
    Throwable cause = e.getCause();
    String message = e instanceof ServiceConfigurationError ? e.getMessage() : e.toString();
    return Printable.brief(message + (cause == null ? "" : " (" + cause + ")"), MOST_WORDS);
  }

  private static void add(KeyProvider provider, Found result) {
    CheckedProvider checked = new CheckedProvider(provider);
    try {
      checked
          .schemes()
          .forEach(scheme ->
              result.byScheme.computeIfAbsent(scheme, any -> new ArrayList<>()).add(checked));
    } catch (InvalidKeyException e) {
      result.failures.add(String.valueOf(e.getMessage()));
    }
  }

  private synchronized Found found() {
    if (found == null) {
      found = search.get();
    }
    return found;
  }

  SortedSet<String> schemes() {
    return new TreeSet<>(found().byScheme.keySet());
  }

  /** Whether a text can be the scheme of a key URI, for any provider. */
  static boolean isScheme(String text) {
    return SCHEME.matcher(text).matches();
  }

  /**
   * Whether there is a provider for a scheme. Providers are not loaded if the scheme is impossible.
   */
  boolean isKnown(String scheme) {
    return isScheme(scheme) && found().byScheme.containsKey(scheme.toLowerCase(Locale.ROOT));
  }

  /**
   * Returns the only provider for a key.
   *
   * @throws InvalidKeyException if there is none, or more than one
   */
  CheckedProvider only(URI key) throws InvalidKeyException {
    String scheme = String.valueOf(key.getScheme()).toLowerCase(Locale.ROOT);
    List<CheckedProvider> providers = found().byScheme.get(scheme);
    if (providers == null) {
      throw unknown(scheme);
    }
    if (providers.size() > 1) {
      throw new InvalidKeyException(
          "keys with the scheme '"
              + scheme
              + "' have several providers, expected one: "
              + String.join(", ", providers.stream().map(CheckedProvider::name).sorted().toList())
              + "; remove all but one from the class path");
    }
    return providers.get(0);
  }

  /** Reports the unusable providers to the owner of a key. */
  void warn(KeyContext context) {
    found()
        .failures
        .forEach(failure -> context.report(Finding.of(Rules.KEY_PROVIDER_UNUSABLE, failure)));
  }

  /** What to say about a scheme that other programs have, and this library does not on purpose. */
  private static String leftOut(String scheme) {
    String service = LEFT_OUT.get(scheme.toLowerCase(Locale.ROOT));
    return service == null
        ? ""
        : ": keys in "
            + service
            + " are left out on purpose, as they could not be tried; use the PKCS #11 library of the"
            + " service and a pkcs11: URI, or a key in a file, and see docs/key-services.md";
  }

  InvalidKeyException unknown(String scheme) {
    StringBuilder message =
        new StringBuilder("no key provider knows the scheme ")
            .append(Printable.quote(scheme))
            .append(leftOut(scheme))
            .append("; known schemes: ")
            .append(String.join(", ", schemes()))
            .append("; put './' before a path that looks like a URI");
    found().failures.forEach(failure -> message.append("; ").append(failure));
    return new InvalidKeyException(message.toString());
  }
}
