package dev.modelsigning.sigstore;

import dev.modelsigning.json.Printable;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Talks to a user at a terminal: prints where to sign in, and opens a browser if that works. */
public final class TerminalDialog implements SignInDialog {

  private final PrintStream out;
  private final BufferedReader in;
  private final boolean opensBrowser;

  private TerminalDialog(PrintStream out, BufferedReader in, boolean opensBrowser) {
    this.out = out;
    this.in = in;
    this.opensBrowser = opensBrowser;
  }

  /**
   * A dialog.
   *
   * @param out where to print
   * @param in where the user types
   */
  public static TerminalDialog using(PrintStream out, BufferedReader in) {
    return new TerminalDialog(out, in, true);
  }

  /** The same dialog that only prints the address. */
  public TerminalDialog withoutBrowser() {
    return new TerminalDialog(out, in, false);
  }

  @Override
  public void show(URI address) {
    // In ASCII, and so without characters that nobody sees or that turn the direction of writing.
    String shown = address.toASCIIString();
    boolean opened = opensBrowser && open(shown);
    out.println(
        opened
            ? "Sign in in the browser that was opened, or at this address:"
            : "Sign in at this address:");
    out.println(Printable.escape(shown));
    out.flush();
  }

  @Override
  public String code() throws IOException {
    out.print("Enter verification code: ");
    out.flush();
    String line = in.readLine();
    return line == null ? "" : line;
  }

  /** Asks the desktop to open a browser; nobody knows whether it does. */
  private static boolean open(String address) {
    Optional<List<String>> command = command(address);
    if (command.isEmpty()) {
      return false;
    }
    try {
      new ProcessBuilder(command.get())
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start()
          .getOutputStream()
          .close();
      return true;
    } catch (IOException e) {
      // No desktop; the address is printed all the same.
      return false;
    }
  }

  private static Optional<List<String>> command(String address) {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    if (system.startsWith("windows")) {
      return Optional.of(List.of("rundll32", "url.dll,FileProtocolHandler", address));
    }
    if (system.startsWith("mac")) {
      return Optional.of(List.of("open", address));
    }
    // Elsewhere a browser in the terminal would be opened where there is no desktop.
    boolean desktop = System.getenv("DISPLAY") != null || System.getenv("WAYLAND_DISPLAY") != null;
    return desktop ? Optional.of(List.of("xdg-open", address)) : Optional.empty();
  }
}
