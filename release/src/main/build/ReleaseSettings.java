import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Refuses, before anything is built, what a release cannot be made with. It is run by the build from
 * its source.
 */
final class ReleaseSettings {

  private ReleaseSettings() {}

  /**
   * Checks the settings.
   *
   * @param args the top directory of the checkout, and settings as {@code name=value}: version, key,
   *     keyless, trustConfig
   */
  public static void main(String[] args) throws IOException {
    Path checkout = Path.of(args[0]);
    String version = setting(args, "version");
    String key = setting(args, "key");
    String keyless = setting(args, "keyless");
    String trustConfig = setting(args, "trustConfig");

    if (!keyless.isEmpty() && !keyless.equals("true") && !keyless.equals("false")) {
      fail("-Dmodelsigning.releaseKeyless must be true or false, found " + keyless);
    }
    boolean isKeyless = keyless.equals("true");
    if (!key.isEmpty() && isKeyless) {
      fail("-Dmodelsigning.releaseKey and -Dmodelsigning.releaseKeyless exclude each other");
    }
    if (!trustConfig.isEmpty() && !isKeyless) {
      fail("-Dmodelsigning.releaseTrustConfig is of use with -Dmodelsigning.releaseKeyless=true only");
    }
    // What is not the name of a file is a URI, which Release.java opens.
    if (!key.isEmpty() && !key.matches("[A-Za-z][A-Za-z0-9+.-]+:.*")) {
      requireFile("-Dmodelsigning.releaseKey", checkout.resolve(key));
    }
    if (!trustConfig.isEmpty()) {
      requireFile("-Dmodelsigning.releaseTrustConfig", checkout.resolve(trustConfig));
    }
    if (!version.endsWith("-SNAPSHOT") && key.isEmpty() && !isKeyless) {
      fail(
          "a release of version "
              + version
              + " must be signed by its publisher: give -Dmodelsigning.releaseKey=FILE, a private key"
              + " in PEM or a URI such as pkcs11:..., or -Dmodelsigning.releaseKeyless=true. Only the"
              + " release of a -SNAPSHOT, which is a trial, is signed with a key of the moment");
    }

    Path bom = checkout.resolve("bom/pom.xml");
    Matcher found = Pattern.compile("<version>([^<]*)</version>").matcher(Files.readString(bom));
    if (!found.find() || !found.group(1).equals(version)) {
      fail(bom + ": expected version " + version + ", which is that of the other modules");
    }
  }

  private static void requireFile(String property, Path file) {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      fail(property + ": no file " + file + " that can be read");
    }
  }

  private static String setting(String[] args, String name) {
    for (String each : args) {
      if (each.startsWith(name + "=")) {
        return each.substring(name.length() + 1);
      }
    }
    throw new IllegalArgumentException("no setting " + name);
  }

  private static void fail(String message) {
    System.err.println("release: error: " + message);
    System.exit(1);
  }
}
