/** Third-party code that extends the library. */
package org.example;
