package dev.modelsigning.key;

import dev.modelsigning.internal.keyfile.PublicKeyFile;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signing.UnusableTrustException.Kind;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.signingkey.MlDsaScheme;
import dev.modelsigning.signingkey.VerifyingKey;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Public keys of one signer in a file or directory, of which any may have signed. */
final class PublicKeys {

  /** Bundles name their key, but old ones do not, and then each key is tried. */
  private static final int MOST = 1000;

  private PublicKeys() {}

  /**
   * A trusted key.
   *
   * @param key the key
   * @param file where it is, if it is one of several
   */
  record Given(VerifyingKey key, String file) {
    /** Whether OMS has its scheme (4.2). */
    boolean isOfOms() {
      return key.scheme() instanceof EcdsaScheme;
    }
  }

  /**
   * The keys in one place.
   *
   * @param keys those that count, at least one
   * @param skipped those for ML-DSA, where they do not count beside others
   */
  record Found(List<Given> keys, List<Given> skipped) {
    /** Copies the lists. */
    Found {
      keys = List.copyOf(keys);
      skipped = List.copyOf(skipped);
    }
  }

  /**
   * Reads the keys in a file, or in all files of a directory. Entries of a directory whose names
   * begin with a dot are no part of it, as in a volume of Kubernetes; any other entry must be a
   * file with public keys.
   *
   * @param place a PEM file or a directory of such files
   * @param beyondOms whether keys for ML-DSA are accepted too; without that, they are skipped
   *     beside others, since a signer may have both
   * @return the keys, each once, in the order of the names of the files
   * @throws IOException if something in it cannot be read
   * @throws UnusableTrustException if something in it is not a public key, or it has none, or more
   *     than 1,000, or only such for ML-DSA that are not accepted
   */
  static Found read(Path place, boolean beyondOms) throws IOException, UnusableTrustException {
    Map<String, Given> keys = new LinkedHashMap<>();
    if (Files.isDirectory(place)) {
      for (Path file : files(place)) {
        add(file, keys);
      }
    } else {
      add(place, keys);
    }
    if (keys.isEmpty()) {
      throw new UnusableTrustException(
          Kind.KEY, place + ": is a directory without files, expected public keys in PEM");
    }
    if (keys.size() > MOST) {
      throw tooMany(place);
    }
    return beyondOms
        ? new Found(List.copyOf(keys.values()), List.of())
        : ofOms(List.copyOf(keys.values()));
  }

  private static Found ofOms(List<Given> keys) throws UnusableTrustException {
    List<Given> oms = keys.stream().filter(Given::isOfOms).toList();
    if (oms.isEmpty()) {
      Given first = keys.get(0);
      throw new UnusableTrustException(
          Kind.KEY, first.file() + ": " + MlDsaScheme.notOms(first.key().scheme().name()));
    }
    return new Found(oms, keys.stream().filter(key -> !key.isOfOms()).toList());
  }

  private static void add(Path file, Map<String, Given> keys)
      throws IOException, UnusableTrustException {
    for (VerifyingKey key : PublicKeyFile.readAll(file, true)) {
      keys.putIfAbsent(key.fingerprint(), new Given(key, file.toString()));
    }
  }

  private static List<Path> files(Path directory) throws IOException, UnusableTrustException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        if (entry.getFileName().toString().startsWith(".")) {
          continue;
        }
        if (Files.isDirectory(entry)) {
          throw new UnusableTrustException(
              Kind.KEY,
              directory
                  + ": has the directory "
                  + entry.getFileName()
                  + " in it, expected files with public keys only");
        }
        if (files.size() == MOST) {
          throw tooMany(directory);
        }
        files.add(entry);
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    files.sort(Comparator.naturalOrder());
    return files;
  }

  private static UnusableTrustException tooMany(Path place) {
    return new UnusableTrustException(
        Kind.KEY, place + ": expected at most " + MOST + " public keys, found more");
  }
}
