import type { Places } from '../../domain/record/places';
import { other } from '../../domain/sharing/whose';
import { eyes } from '../../frame/eyes.svelte';
import { href } from '../../frame/routes';
import { t } from '../../words';

/** Where items lead that are looked at as somebody else would see them. */
export function asPlaces(id: () => string): Places {
  const item = (of: string) => href('asItem', { id: id() }, { of });
  return { row: (row) => item(row.id), lab: item, item };
}

/** Says above the page through whose eyes one looks, for as long as the page is there. */
export function throughEyes(of: () => { id: string; name: string } | undefined): void {
  $effect(() => {
    const whose = of();
    if (!whose) return;
    const { id, name } = whose;
    const holds = id.startsWith('grt_');
    const person = other();
    eyes.through = {
      words: person ? t(holds ? 'sharing.as.bar.now.of' : 'sharing.as.bar.of', { name, person }) : t(holds ? 'sharing.as.bar.now' : 'sharing.as.bar', { name }),
      more: t(holds ? 'sharing.as.bar.now.text' : 'sharing.as.bar.text'),
      back: backTo(id),
    };
    return () => (eyes.through = undefined);
  });
}

function backTo(id: string): { href: string; label: string } {
  if (id.startsWith('grt_')) return { href: href('share', { id }), label: t('sharing.as.back.share') };
  if (id.startsWith('cnt_')) return { href: href('giveTo', { id }), label: t('sharing.as.back.mandate') };
  return { href: href('request', { id }), label: t('sharing.as.back') };
}
