/** Code of somebody else, who extends the library. */
package org.example;
