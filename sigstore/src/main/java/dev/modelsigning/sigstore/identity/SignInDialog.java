package dev.modelsigning.sigstore.identity;

import java.io.IOException;
import java.net.URI;

/** The dialog with the user who signs in with an identity provider. This is an extension point. */
public interface SignInDialog {

  /**
   * Shows the URL for signing in, and may open a browser with it. Returns immediately; the user
   * then signs in.
   *
   * @param address the URL; anyone who sees it can sign in instead of the user, and nothing more
   */
  void show(URI address) throws IOException;

  /**
   * Asks for the code that the identity provider showed the user. Only called for a sign-in out of
   * band, where no browser can reach this program.
   *
   * @return the code as the user entered it
   */
  String code() throws IOException;
}
