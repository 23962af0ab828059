/** What a mail looks like: the name, the colours and the logo of the system or of a tenant. */
export interface Brand {
  readonly productName: string;
  /** Buttons and links, `#rrggbb`. */
  readonly accent: string;
  /** The band with the logo, `#rrggbb`. */
  readonly header: string;
  readonly logo: BrandLogo | null;
}

export interface BrandLogo {
  readonly mediaType: 'image/png' | 'image/jpeg' | 'image/gif';
  readonly base64: string;
  /** As it is shown, in CSS pixels. */
  readonly width: number;
  readonly height: number;
}

export const dataUriOf = ({ mediaType, base64 }: BrandLogo): string => `data:${mediaType};base64,${base64}`;

export const DEFAULT_BRAND: Brand = { productName: 'Signalpost', accent: '#0f5f66', header: '#0b2f34', logo: null };

/** Behind the text of a mail, in light and in dark mode; `layout.mjml` has the same. */
export const LIGHT_CARD = '#ffffff';
export const DARK_CARD = '#1b2026';
/** WCAG 2.2, 1.4.3: what text needs. */
export const LEAST_CONTRAST = 4.5;

const channels = (colour: string): [number, number, number] => {
  const value = parseInt(colour.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
};

/** WCAG 2.2, "relative luminance". */
function luminance(colour: string): number {
  const [red, green, blue] = channels(colour).map((channel) => {
    const share = channel / 255;
    return share <= 0.040_45 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number]; // as many as went in
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** From 1 (the same) to 21 (black on white). */
export function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number]; // two went in
  return (light + 0.05) / (dark + 0.05);
}

/** Black or white, whichever can be read better on it; one of the two always reaches 4.5. */
export const textOn = (colour: string): string =>
  contrast(colour, '#ffffff') >= contrast(colour, '#000000') ? '#ffffff' : '#000000';

/** The nearest shade that can be read: mixed with white on dark ground, with black on light ground. */
export function readableOn(colour: string, ground: string): string {
  const towards = luminance(ground) > 0.18 ? 0 : 255;
  for (let share = 0; share <= 1; share += 0.02) {
    const shade = mix(colour, towards, share);
    if (contrast(shade, ground) >= LEAST_CONTRAST) return shade;
  }
  return towards === 0 ? '#000000' : '#ffffff';
}

function mix(colour: string, towards: number, share: number): string {
  const mixed = channels(colour).map((channel) => Math.round(channel + (towards - channel) * share));
  return `#${mixed.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}
