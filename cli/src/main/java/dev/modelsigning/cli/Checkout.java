package dev.modelsigning.cli;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;

/** Whether this program runs from a checkout of its sources, which has more than a package. */
final class Checkout {

  /** The tour, which the launcher of a checkout runs. */
  private static final String TOUR = "quickstart.sh";

  private Checkout() {}

  /** Whether the classes of this program are in a checkout. */
  static boolean isHere() {
    CodeSource source = Checkout.class.getProtectionDomain().getCodeSource();
    try {
      return source != null && source.getLocation() != null && isAt(source.getLocation().toURI());
    } catch (URISyntaxException e) {
      return false; // no path of a build
    }
  }

  /** Whether a jar or a directory of classes is where the build of a checkout writes it. */
  static boolean isAt(URI classes) {
    if (!"file".equals(classes.getScheme())) {
      return false; // in the image of a package
    }
    Path target = Path.of(classes).toAbsolutePath().getParent();
    return target != null
        && target.endsWith(Path.of("cli", "target"))
        && Files.isRegularFile(target.resolve("../..").normalize().resolve(TOUR));
  }
}
